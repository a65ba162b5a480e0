"""The finding of a backtest: who forecast best, by how much, and where not.

Data: as in `suasion.learn.backtest`, with `skill`, `skill_low`, `skill_high` (country, model).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import xarray as xr

from suasion.base.names import listed as some
from suasion.data.months import after
from suasion.learn.backtest import REFERENCE, WINDOWS, skill
from suasion.learn.scores import LEVEL
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.words import listed, part, plural, signed

COLUMNS = (
    Column("country", "Series"),
    Column("window", "Months forecast"),
    Column("name", "Forecast"),
    Column("crps", "CRPS", "count", 1),
    Column("against", "Difference", "%", 0),
    Column("low", "from", "%", 0),
    Column("high", "to", "%", 0),
    Column("log_score", "Log score", "nats", 2),
    Column("ignorance", "IGN", "bits", 2),
    Column("interval_score", "Interval", "count", 0),
    Column("coverage", "Covered", "%", 0),
    Column("months", "Months"),
    Column("error", "± of CRPS", "count", 2),
)
ALL = "all windows"
MOST_WINDOWS = 4
MOST_SERIES = 8
"""Series of which a short table tells; the greatest, where there are more."""
SCORES = ("crps", "log_score", "ignorance", "interval_score")


def finding(data: xr.Dataset, of: str) -> Finding:
    """What a backtest found; `of` is the model that is asked about."""
    data = data.assign(_skills(data))
    data.attrs["of"] = of
    return Finding(
        lens="backtest",
        title=f"Forecasts {_ahead(data)} ahead, made when they could have been made",
        data=data,
        table=_table(data),
        sentences=_sentences(data, of),
        figure="backtest",
        notes=_notes(data),
    )


def _skills(data: xr.Dataset) -> dict[str, tuple[tuple[str, str], np.ndarray]]:
    """Skill over all windows by country and model, where both sides forecast."""
    shape = (data.sizes["country"], data.sizes["model"])
    found = np.full((3, *shape), np.nan)
    if REFERENCE in data["model"].values:
        for i in range(shape[0]):
            for j, model in enumerate(data["model"].values):
                found[:, i, j] = skill(_shared(data.isel(country=i), str(model)), str(model))
    names = ("skill", "skill_low", "skill_high")
    return {name: (("country", "model"), each) for name, each in zip(names, found, strict=True)}


def _shared(one: xr.Dataset, model: str) -> xr.Dataset:
    """The windows for which a model has a forecast."""
    scored = one["crps"].sel(model=model).transpose("origin", "ahead").values
    return one.isel(origin=np.isfinite(scored).any(axis=1))


def _table(data: xr.Dataset) -> Table:
    """A row a window and model, then one a model over all windows."""
    rows: list[tuple[object, ...]] = []
    for country in data["country"].values:
        one = data.sel(country=country)
        for origin in one["origin"].values:
            rows += _rows(one.sel(origin=[origin]), str(country), _window(data, str(origin)), whole=False)
        if one.sizes["origin"] > 1:
            rows += _rows(one, str(country), ALL, whole=True)
    return Table(COLUMNS, tuple(rows))


def summary(found: Finding) -> Finding:
    """The same finding with a short table: a row a model, the CRPS of up to four windows in columns."""
    data = found.data
    origins = [str(origin) for origin in data["origin"].values[-MOST_WINDOWS:]]
    some = "" if len(origins) == data.sizes["origin"] else f"last {MOST_WINDOWS} windows and "
    columns = (
        Column("country", "Series"),
        Column("name", "Mean CRPS of"),
        *(Column(origin, _start(data, origin), "count", 1) for origin in origins),
        *([Column("crps", "all", "count", 1)] if data.sizes["origin"] > 1 else []),
        *(each for each in COLUMNS if each.key in ("against", "low", "high", "log_score", "coverage")),
    )
    rows = []
    for country in _greatest(data):
        each = data.sel(country=country)
        for row in _rows(each, str(country), ALL, whole=True):
            cells = dict(zip((column.key for column in COLUMNS), row, strict=True))
            mine = each["crps"].sel(model=each["model"].values[each["label"].values == row[2]][0])
            cells |= {origin: float(mine.sel(origin=origin).mean()) for origin in origins}
            rows.append(tuple(cells[column.key] for column in columns))
    note = (f"Shown: {some}the mean of all {data.sizes['origin']}.",) if some else ()
    if data.sizes["country"] > MOST_SERIES:
        told = f"Shown: the {MOST_SERIES} series with the greatest counts of {data.sizes['country']}; "
        note = (told + "--detail and --json have all.", *note)
    return replace(found, table=Table(columns, tuple(rows)), notes=(*note, *found.notes))


def _rows(one: xr.Dataset, country: str, window: str, whole: bool) -> list[tuple[object, ...]]:
    """One row a model that forecast anything here."""
    rows: list[tuple[object, ...]] = []
    for model in one["model"].values:
        mine = _shared(one, str(model)).sel(model=model)
        if not mine.sizes["origin"]:
            continue
        mean = {name: float(mine[name].mean()) for name in SCORES}
        against = None
        if REFERENCE in one["model"].values and model != REFERENCE:
            other = float(_shared(one, str(model))["crps"].sel(model=REFERENCE).mean())
            against = mean["crps"] / other - 1 if other else None
        sides = ("skill_high", "skill_low") if whole and model != REFERENCE else ()
        ends: list[float | None] = [-float(one[name].sel(model=model)) for name in sides]
        error = _error(mine)
        rows.append(
            (
                country,
                window,
                str(mine["label"].item()),
                mean["crps"],
                against,
                *(ends or [None, None]),
                mean["log_score"],
                mean["ignorance"],
                mean["interval_score"],
                float(mine["covered"].mean()),
                int(np.isfinite(mine["crps"]).sum()),
                error,
            )
        )
    return rows


def _sentences(data: xr.Dataset, of: str) -> tuple[Sentence, ...]:
    """Whether the model asked about beats the baselines, over all windows and in each."""
    said = [_pooled(data, of)] if data.sizes["country"] > 1 else []
    for country in _greatest(data):
        one = _shared(data.sel(country=country), of)
        if not one.sizes["origin"]:
            continue
        mean = one["crps"].mean(("origin", "ahead"))
        mine, where = float(mean.sel(model=of)), f"{country}: " if country else ""
        label = str(one["label"].sel(model=of).item())
        text = f"{where}'{label}' has a mean CRPS of {mine:,.1f}{_luck(one, of)} in {_windows(one)}"
        if REFERENCE in one["model"].values and of != REFERENCE:
            other = float(mean.sel(model=REFERENCE))
            low, high = (float(one[name].sel(model=of)) for name in ("skill_low", "skill_high"))
            text += f", the last 12 months {other:,.1f}"
            text += f": {signed(100 * (mine / other - 1), 0)} %" if other else ""
            if np.isfinite(low):
                text += f" (90 % interval {signed(-100 * high, 0)} to {signed(-100 * low, 0)} %)"
            text += f"; {_losses(one, of)}"
        said.append(Sentence(f"{text}. {_calibration(one, of)}"))
    return tuple(said)


def _greatest(data: xr.Dataset) -> list[str]:
    """The series with the greatest counts, in the order of the data."""
    size = data["actual"].mean(("origin", "ahead")).values
    chosen = sorted(np.argsort(-np.nan_to_num(size), kind="stable")[:MOST_SERIES])
    return [str(data["country"].values[i]) for i in chosen]


def _pooled(data: xr.Dataset, of: str) -> Sentence:
    """How the model asked about does over all series together, each month counted once."""
    mine = data["crps"].sel(model=of)
    label, number = str(data["label"].sel(model=of).item()), data.sizes["country"]
    text = f"All {number} series: '{label}' has a mean CRPS of {float(mine.mean()):,.1f}"
    if REFERENCE in data["model"].values and of != REFERENCE:
        other = data["crps"].sel(model=REFERENCE).where(np.isfinite(mine))
        share, low, high = skill(data.where(np.isfinite(mine)), of)
        gap = mine.sum(("origin", "ahead")) - other.sum(("origin", "ahead"))
        text += f", the last 12 months {float(other.mean()):,.1f}"
        if np.isfinite(share):
            text += f": {signed(-100 * share, 0)} %"
        if np.isfinite(low):
            text += f" (90 % interval {signed(-100 * high, 0)} to {signed(-100 * low, 0)} %)"
        text += f"; better in {int((gap < 0).sum())}, worse in {int((gap > 0).sum())}"
    held = float(data["covered"].sel(model=of).mean())
    return Sentence(f"{text}. Its {part(LEVEL)} interval held {part(held)} of the months.")


def _error(mine: xr.Dataset) -> float:
    """Monte Carlo error of one model's mean CRPS over windows of equal weight."""
    return float(np.sqrt((mine["error"] ** 2).sum()) / mine.sizes["origin"])


def _luck(one: xr.Dataset, of: str) -> str:
    """` ± 0.4`, where a forecast is drawn at random."""
    error = _error(one.sel(model=of))
    return f" ± {error:,.1f}" if error else ""


def _losses(one: xr.Dataset, of: str) -> str:
    """The windows in which the model does worse than conflictology."""
    each = one["crps"].mean("ahead")
    mine, other = each.sel(model=of), each.sel(model=REFERENCE)
    worse, number = mine > other, one.sizes["origin"]
    lost = [_window(one, str(origin)) for origin in one["origin"].values[worse.values]]
    if not lost:
        better = int((mine < other).sum())
        if not better:
            return "the same"
        return "better" if number == 1 else f"better in {'every window' if better == number else better}"
    return f"worse in {listed(lost) if len(lost) < 6 else f'{len(lost)} of {number} windows'}"


def _calibration(one: xr.Dataset, of: str) -> str:
    """How often its interval held what happened."""
    mine = one["covered"].sel(model=of)
    hits, tried = int(mine.sum()), int(np.isfinite(mine).sum())
    verdict = " It was too sure of itself." if hits / tried < LEVEL - 0.15 else ""
    return f"Its {part(LEVEL)} interval held {hits} of {plural(tried, 'month')}.{verdict}"


def _notes(data: xr.Dataset) -> tuple[str, ...]:
    """How to read the table."""
    late = [
        f"at {origin} the series{f' of {country}' if country else ''} ended in {known}"
        for country, row in zip(data["country"].values, data["known_to"].values, strict=True)
        for origin, known in zip(data["origin"].values, row, strict=True)
        if known != origin
    ]
    whole = data.sizes["origin"] >= WINDOWS
    unit = "whole windows" if whole else "blocks of three months: rather too narrow"
    notes = [
        "Difference: CRPS against that of the last 12 months (conflictology); below nought is better.",
        f"Smaller is better, but for what the {part(LEVEL)} interval covered. CRPS and interval score are in "
        "the unit of the counts; log score and IGN are surprise, at the count itself and at its bin.",
        "IGN takes all counts above 1,000 for one: with a war as large as that it tells nothing.",
        f"From, to: 90 % interval of the difference, by a paired bootstrap over {unit}. Months of one window "
        "are no separate trials.",
        "± is Monte Carlo error, 0 where nothing is drawn at random.",
    ]
    if data.attrs.get("left_out"):
        unfit = data.attrs["left_out"]
        notes.append(
            f"{len(unfit)} of {len(unfit) + data.sizes['country']} series are left out, for want of a year "
            f"before an origin or a month of a window: {some(unfit, 8)}. --country NAME says what one lacks."
        )
    lacking = int(np.isnan(data["actual"]).sum())
    if lacking:
        notes.append(f"{plural(lacking, 'month')} of these windows are not in the truth, and not scored.")
    if late:
        shown = "; ".join(late[:3]) + (f"; and {len(late) - 3} more" if len(late) > 3 else "")
        notes.append(f"Forecast from further away than the origin: {shown}.")
    return tuple(notes)


def _window(data: xr.Dataset, origin: str) -> str:
    """`2018-03 to 2018-05`, or the year alone where the window is one."""
    first, last = (after(origin, int(data["ahead"][i])) for i in (0, -1))
    if (first[:4], first[5:], last[5:]) == (last[:4], "01", "12"):
        return first[:4]
    return first if first == last else f"{first} to {last}"


def _start(data: xr.Dataset, origin: str) -> str:
    """A window by its first month, or by its year: `from 2018-03`."""
    window = _window(data, origin)
    return f"from {window[:7]}" if " to " in window else window


def _windows(one: xr.Dataset) -> str:
    number = one.sizes["origin"]
    return _window(one, str(one["origin"].values[0])) if number == 1 else f"{number} windows"


def _ahead(data: xr.Dataset) -> str:
    first, last = int(data["ahead"][0]), int(data["ahead"][-1])
    return plural(first, "month") if first == last else f"{first} to {plural(last, 'month')}"
