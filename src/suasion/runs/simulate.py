"""Run a program: share its tiles out over the processors and keep each as it is done."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

import numpy as np

from suasion.base.errors import SuasionError
from suasion.runs import machine
from suasion.runs.manifest import Manifest
from suasion.runs.run import Run, keep_case
from suasion.runs.store import NOT_RUN, Store

machine.start()

from suasion.kernel.chance import seed_words  # noqa: E402  (after the flags)
from suasion.kernel.ensemble import Tile, compiled  # noqa: E402
from suasion.kernel.month import UNHEALTHY, Output  # noqa: E402
from suasion.kernel.numbers import Policy  # noqa: E402
from suasion.program.program import Program  # noqa: E402

DRAWS_IN_TILE = 64
"""Draws of a full tile; measured in `benchmarks/`."""
MOST_IN_MEMORY = 256 * 2**20
"""Bytes above which a run without a folder lives in a temporary one."""
MOST_UNHEALTHY = 0.01
"""Share of unhealthy draws above which a run is refused."""

Progress = Callable[[int, int], None]
"""Called with tiles done and tiles in all."""


class Interrupted(KeyboardInterrupt):
    """The user stopped a run; what is done of it can be looked at."""

    def __init__(self, run: Run) -> None:
        """Keep the run as far as it came."""
        super().__init__()
        self.run = run


@dataclass(frozen=True)
class Plan:
    """A run about to be made."""

    program: Program
    policy: Policy
    manifest: Manifest


def simulate(plan: Plan, out: Path | None, progress: Progress | None = None) -> Run:
    """Make a run; with `out` it is kept there, and what is there already is not made again.

    An interrupt lets the tiles in hand finish and is then passed on; with `out` they are kept. Raises
    SuasionError when more than 1 % of the draws are unhealthy, when the disk is full, or when `out`
    holds another run.
    """
    keeper = None
    if out is None and _bytes(plan) > MOST_IN_MEMORY:
        keeper = tempfile.TemporaryDirectory(prefix="suasion-")
        out = Path(keeper.name)
    store = _store(plan, out)
    try:
        _finish(plan, store, progress)
    except KeyboardInterrupt:
        raise Interrupted(_run_so_far(plan, store, keeper, out)) from None
    except SuasionError:
        _run_so_far(plan, store, keeper, out)
        raise
    run = _run_so_far(plan, store, keeper, out)
    _refuse_unhealthy(run.manifest)
    return run


def _run_so_far(plan: Plan, store: Store, keeper: object, out: Path | None) -> Run:
    """The run as far as it has come, its record written beside it."""
    manifest = _record(plan, store)
    if out is not None:
        with suppress(OSError):
            manifest.write(out)
    return Run(plan.program.case, manifest, store.dataset(), keeper)


def tiles(draws: int, tile: int) -> list[int]:
    """First draw of each tile."""
    return list(range(0, draws, tile))


def coordinates(program: Program, manifest: Manifest) -> dict[str, Sequence[str] | Sequence[int]]:
    """Labels of the data."""
    names = program.names
    return {
        "month": range(manifest.months + 1),
        "variable": names.variables + names.derived,
        "lever": names.levers,
        "tie": names.ties,
        "rate": names.rates,
        "draw": range(manifest.draws),
        "future": range(manifest.futures),
    }


def _bytes(plan: Plan) -> int:
    sizes, m = plan.program.structure.sizes, plan.manifest
    each = 4 * (sizes.variables + sizes.derived + sizes.ties + sizes.rates) + sizes.levers + 1
    return each * (m.months + 1) * m.draws * m.futures


def _store(plan: Plan, out: Path | None) -> Store:
    """The store, opened where the same run was begun before, else made."""
    manifest = plan.manifest
    if out is not None and (out / "manifest.json").exists():
        if Manifest.read(out).asks() != manifest.asks():
            raise SuasionError(
                "K013",
                f"'{out}' already holds another run",
                "choose another --out folder, or remove this one",
            )
        if Store.begun(out):
            return Store.open(out)
    elif out is not None:
        _prepare_folder(plan, out)
    attrs = {"phases": list(plan.program.names.phases), "case": manifest.case_id, "as_of": manifest.as_of}
    try:
        return Store.make(out, coordinates(plan.program, manifest), attrs, manifest.tile)
    except OSError as error:
        raise SuasionError(
            "K011", f"the run could not be written: {error}", "choose another --out folder"
        ) from error


def _prepare_folder(plan: Plan, out: Path) -> None:
    """Put the case and the record of the run into a new or empty folder; both, or nothing."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        used = any(out.iterdir())
    except OSError as error:
        raise _unwritable(out, error) from error
    if used:
        raise SuasionError("K013", f"'{out}' is not empty and holds no run", "choose another --out folder")
    try:
        keep_case(out, plan.program.case)
        plan.manifest.write(out)
    except (OSError, KeyboardInterrupt) as error:
        for file in out.iterdir():
            file.unlink()
        if isinstance(error, OSError):
            raise _unwritable(out, error) from error
        raise


def _unwritable(out: Path, error: OSError) -> SuasionError:
    return SuasionError("K011", f"'{out}' cannot be written: {error}", "choose another --out folder")


def _finish(plan: Plan, store: Store, progress: Progress | None) -> None:
    """Make the tiles that are missing."""
    m = plan.manifest
    firsts = tiles(m.draws, m.tile)
    health = store.health()
    missing = [first for first in firsts if (health[first : first + m.tile] == NOT_RUN).any()]
    there = len(firsts) - len(missing)

    def tell(done: int) -> None:
        if progress:
            progress(there + done, len(firsts))

    tell(0)
    if missing:
        _make(plan, store, missing, tell)


def _record(plan: Plan, store: Store) -> Manifest:
    m, health = plan.manifest, store.health()
    done = sum(bool((health[f : f + m.tile] != NOT_RUN).all()) for f in tiles(m.draws, m.tile))
    ran = health[health != NOT_RUN]
    unhealthy = {name: int(((ran & code) > 0).sum()) for name, code in UNHEALTHY.items()}
    return replace(m, finished_tiles=done, unhealthy={k: v for k, v in unhealthy.items() if v})


def _make(plan: Plan, store: Store, missing: list[int], done: Callable[[int], None]) -> None:
    """Share the tiles out over threads; an interrupt waits only for the tiles in hand."""
    m = plan.manifest
    stop = threading.Event()

    def one(first: int) -> None:
        if not stop.is_set():
            store.write(first, _run(plan, tile, first))

    with ThreadPoolExecutor(machine.workers()) as pool:
        # The compiler leaves Python free: load meanwhile what the data is shown with.
        pool.submit(import_module, "xarray")
        shape = (m.tile, m.futures, m.months)
        tile = compiled(plan.program.structure, plan.program.numbers, plan.policy, shape)
        try:
            waiting: set[Future[None]] = {pool.submit(one, first) for first in missing}
            count = 0
            while waiting:
                ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ready:
                    future.result()
                    count += 1
                done(count)
        finally:
            stop.set()


def _run(plan: Plan, tile: Tile, first: int) -> dict[str, np.ndarray]:
    """One tile as arrays, draws beyond the run's last cut off."""
    m, program = plan.manifest, plan.program
    seed, number = seed_words(m.seed), np.uint32(first)
    prepared = tile.prepare(program.numbers, plan.policy.start_phase, seed, number)
    output, health = tile.months(program.numbers, plan.policy, prepared, seed, number)
    count = min(m.tile, m.draws - first)
    arrays = {name: _shaped(getattr(output, name), m, count) for name in Output.__dataclass_fields__}
    arrays["health"] = np.asarray(health)[:count].astype(np.uint8)
    return arrays


def _shaped(array: object, m: Manifest, count: int) -> np.ndarray:
    """(…, lane) as (…, draw, future)."""
    whole = np.asarray(array)
    return whole.reshape(*whole.shape[:-1], m.tile, m.futures)[..., :count, :]


def _refuse_unhealthy(manifest: Manifest) -> None:
    ran = manifest.finished_tiles * manifest.tile
    bad = max(manifest.unhealthy.values(), default=0)
    if ran and bad / min(ran, manifest.draws) > MOST_UNHEALTHY:
        named = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in manifest.unhealthy.items())
        raise SuasionError(
            "K001",
            f"{bad / min(ran, manifest.draws):.0%} of the draws are unhealthy ({named})",
            "weaken the strongest influences and phase effects, or let their variables settle more slowly",
        )
