"""Where a run is kept: one zarr group, one chunk of every array for each tile.

Tiles never share a chunk, so they are written in any order and at once, and an interrupt or a full
disk costs only the tiles in hand. The health of a tile's draws is written last and says that it is
done.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
import zarr
from zarr.abc.store import Store as ZarrStore
from zarr.codecs import BloscCodec
from zarr.storage import LocalStore, MemoryStore

from suasion.base.errors import SuasionError

DATA = "data.zarr"
LABELS = "labels"
NOT_RUN = 255
"""Health of a draw that has not been run."""

DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "level": ("month", "variable", "draw", "future"),
    "phase": ("month", "draw", "future"),
    "setting": ("month", "lever", "draw", "future"),
    "leverage": ("month", "tie", "draw", "future"),
    "count": ("month", "rate", "draw", "future"),
    "health": ("draw",),
}
KINDS = {"level": "f4", "phase": "i1", "setting": "i1", "leverage": "f4", "count": "i4", "health": "u1"}


@dataclass(frozen=True)
class Store:
    """The arrays of a run, in memory or on disk."""

    place: ZarrStore
    group: zarr.Group

    @staticmethod
    def make(
        folder: Path | None,
        coordinates: Mapping[str, Sequence[str] | Sequence[int]],
        attrs: Mapping[str, Any],
        tile: int,
    ) -> Store:
        """New arrays for a run with these coordinates; in memory when there is no folder."""
        place: ZarrStore = MemoryStore() if folder is None else LocalStore(folder / DATA)
        # What is kept in memory is read again at once; compressing it would only cost time.
        codec = None if folder is None else BloscCodec(cname="lz4", clevel=1, shuffle="bitshuffle")
        # Labels are attributes: zarr 3 has no settled type for text yet.
        labels = {name: list(values) for name, values in coordinates.items()}
        group = zarr.create_group(place, overwrite=True, attributes={**attrs, LABELS: labels})
        sizes = {name: len(values) for name, values in coordinates.items()}
        for name, dims in DIMENSIONS.items():
            shape = tuple(sizes[d] for d in dims)
            chunks = tuple(min(tile, sizes[d]) if d == "draw" else max(1, sizes[d]) for d in dims)
            group.create_array(
                name,
                shape=shape,
                chunks=chunks,
                dtype=KINDS[name],
                dimension_names=dims,
                compressors=codec,
                fill_value=NOT_RUN if name == "health" else 0,
            )
        return Store(place, group)

    @staticmethod
    def open(folder: Path) -> Store:
        """Arrays written before."""
        place = LocalStore(folder / DATA)
        try:
            return Store(place, zarr.open_group(place, mode="r+"))
        except (FileNotFoundError, ValueError) as error:
            raise SuasionError(
                "K012", f"'{folder}' holds no run", "give a folder that `suasion run --out` wrote"
            ) from error

    def write(self, first: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Write a tile whose first draw is `first`; its health comes last."""
        try:
            for name in (*[n for n in DIMENSIONS if n != "health"], "health"):
                values = arrays[name]
                place = tuple(
                    slice(first, first + size) if dim == "draw" else slice(None)
                    for dim, size in zip(DIMENSIONS[name], values.shape, strict=True)
                )
                if values.size:
                    self._array(name)[place] = values
        except OSError as error:
            raise _trouble(error) from error

    def health(self) -> np.ndarray:
        """Health of every draw."""
        return np.asarray(self._array("health")[:])

    def dataset(self) -> xr.Dataset:
        """The data of the draws that have been run, read when looked at."""
        data: xr.Dataset = xr.open_zarr(self.place, chunks=None, consolidated=False, zarr_format=3)
        labels = data.attrs.pop(LABELS)
        data = data.assign_coords({name: (name, _labels(values)) for name, values in labels.items()})
        done = np.flatnonzero(self.health() != NOT_RUN)
        return data if done.size == data.sizes["draw"] else data.isel(draw=done)

    def _array(self, name: str) -> zarr.Array[Any]:
        array = self.group[name]
        assert isinstance(array, zarr.Array)
        return array


def _labels(values: list[str] | list[int]) -> np.ndarray:
    return np.array(values, dtype="U1" if not values else None)


def _trouble(error: OSError) -> SuasionError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return SuasionError(
            "K010",
            "the disk is full; every finished tile is kept",
            "free some space and give the same command again: it goes on where it stopped",
        )
    return SuasionError("K011", f"the run could not be written: {error}", "choose another --out folder")
