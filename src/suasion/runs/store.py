"""Where a run is kept: plain arrays in memory, or one zarr chunk of every array for each tile on disk.

Tiles never share a chunk, so they are written in any order and at once, and an interrupt or a full
disk costs only the tiles in hand. The health of a tile's draws is written last and says that it is
done.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from suasion.base.errors import SuasionError
from suasion.runs.manifest import no_run

if TYPE_CHECKING:
    import xarray as xr

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

Labels = Mapping[str, Sequence[str] | Sequence[int]]
"""The labels along each dimension."""


class Writable(Protocol):
    """A NumPy or zarr array."""

    def __getitem__(self, where: Any, /) -> Any:
        """Part of the array."""

    def __setitem__(self, where: Any, value: Any, /) -> None:
        """Write part of the array."""


@dataclass(frozen=True)
class Store:
    """The arrays of a run, in memory or on disk."""

    arrays: Mapping[str, Writable]
    labels: Labels
    attrs: Mapping[str, Any]
    folder: Path | None

    @staticmethod
    def make(folder: Path | None, labels: Labels, attrs: Mapping[str, Any], tile: int) -> Store:
        """New arrays for a run with these labels; in memory when there is no folder."""
        shapes = {name: tuple(len(labels[d]) for d in dims) for name, dims in DIMENSIONS.items()}
        if folder is None:
            # Zeros are memory that is only taken when a tile is written, by the thread that writes it.
            held = {n: np.zeros(shape, dtype=KINDS[n]) for n, shape in shapes.items()}
            held["health"].fill(NOT_RUN)
            return Store(held, labels, attrs, None)
        _lay_out(folder, shapes, {**attrs, LABELS: _plain(labels)}, tile)
        return Store.open(folder)

    @staticmethod
    def begun(folder: Path) -> bool:
        """Whether the arrays have been laid out there, whole."""
        return (folder / DATA).exists()

    @staticmethod
    def open(folder: Path) -> Store:
        """Arrays written before."""
        import zarr

        try:
            group = zarr.open_group(str(folder / DATA), mode="r+")
            attrs = dict(group.attrs)
            labels: Any = attrs.pop(LABELS)
            arrays: dict[str, Any] = {name: group[name] for name in DIMENSIONS}
        except (OSError, ValueError, KeyError) as error:
            raise no_run(folder) from error
        return Store(arrays, labels, attrs, folder)

    def write(self, first: int, tile: Mapping[str, np.ndarray]) -> None:
        """Write a tile whose first draw is `first`; its health comes last."""
        try:
            for name in (*[n for n in DIMENSIONS if n != "health"], "health"):
                values = tile[name]
                place = tuple(
                    slice(first, first + size) if dim == "draw" else slice(None)
                    for dim, size in zip(DIMENSIONS[name], values.shape, strict=True)
                )
                if values.size:
                    self.arrays[name][place] = values
        except OSError as error:
            raise _trouble(error) from error

    def health(self) -> np.ndarray:
        """Health of every draw."""
        return np.asarray(self.arrays["health"][:])

    def dataset(self) -> xr.Dataset:
        """The data of the draws that have been run; what is on disk is read when looked at."""
        import xarray as xr

        if self.folder is None:
            data = xr.Dataset({n: (DIMENSIONS[n], array) for n, array in self.arrays.items()})
        else:
            data = xr.open_zarr(str(self.folder / DATA), chunks=None, consolidated=False, zarr_format=3)
        data.attrs = dict(self.attrs)
        data = data.assign_coords({name: (name, _array(values)) for name, values in self.labels.items()})
        done = np.flatnonzero(self.health() != NOT_RUN)
        return data if done.size == data.sizes["draw"] else data.isel(draw=done)


def _fill(name: str) -> int:
    return NOT_RUN if name == "health" else 0


def _plain(labels: Labels) -> dict[str, list[str] | list[int]]:
    # Labels are attributes: zarr 3 has no settled type for text yet.
    return {name: list(values) for name, values in labels.items()}  # type: ignore[misc]


def _array(values: Sequence[str] | Sequence[int]) -> np.ndarray:
    return np.array(list(values), dtype=None if len(values) else "U1")


def _lay_out(
    folder: Path, shapes: Mapping[str, tuple[int, ...]], attrs: Mapping[str, Any], tile: int
) -> None:
    """New zarr arrays, a chunk for each tile; all of them or none, should this be stopped."""
    import zarr
    from zarr.codecs import BloscCodec

    new = folder / (DATA + ".new")
    group = zarr.create_group(str(new), overwrite=True, attributes=dict(attrs))
    for name, dims in DIMENSIONS.items():
        group.create_array(
            name,
            shape=shapes[name],
            chunks=tuple(
                min(tile, size) if dim == "draw" else max(1, size)
                for dim, size in zip(dims, shapes[name], strict=True)
            ),
            dtype=KINDS[name],
            dimension_names=dims,
            compressors=BloscCodec(cname="lz4", clevel=1, shuffle="bitshuffle"),
            fill_value=_fill(name),
        )
    new.replace(folder / DATA)


def _trouble(error: OSError) -> SuasionError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return SuasionError(
            "K010",
            "the disk is full; every finished tile is kept",
            "free some space and give the same command again: it goes on where it stopped",
        )
    return SuasionError("K011", f"the run could not be written: {error}", "choose another --out folder")
