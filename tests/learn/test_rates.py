"""Rates and base rates: what is put in comes out, nothing later is looked at, regimes are doubted."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import nbinom

import suasion
from suasion import api
from suasion.base.errors import SuasionError
from suasion.case.overrides import layered
from suasion.case.records import Distribution
from suasion.cli.main import main
from suasion.data.formats import read_data
from suasion.data.months import after
from suasion.data.series import DyadYear, Origin, Series, SupportYear
from suasion.learn import base_rate_findings, base_rates, rates
from suasion.learn.fit import Fitted, day_of, record_of, renamed
from suasion.learn.fit_layer import fields
from suasion.learn.rates import Fit, fit, forecast
from suasion.learn.regimes import WORLD, measured

SHARED = Path(__file__).parents[3] / "shared" / "data"
SEASON = 0.5 * np.cos(2 * np.pi * np.arange(12) / 12)
"""January is e times as busy as July."""
LEVEL, K = 60.0, 15.0
FIRST, MONTHS = "1833-07", 120


def record(level: float = LEVEL, gap: bool = True) -> dict[str, float]:
    """Ten years of counts about a steady level with a season; some months are missing."""
    luck = np.random.default_rng(7)
    months = [after(FIRST, i) for i in range(MONTHS)]
    means = [level * np.exp(SEASON[int(month[5:]) - 1]) for month in months]
    counts = luck.negative_binomial(K, K / (K + np.array(means)))
    return {
        m: float(c) for i, (m, c) in enumerate(zip(months, counts, strict=True)) if not (gap and i % 17 == 5)
    }


@pytest.fixture(scope="module")
def told() -> Fit:
    """The fit to that record."""
    return fit(record(), "1843-06")


def within(draws: np.ndarray, truth: float, share: float = 0.98) -> bool:
    """Whether an interval of the posterior holds the truth."""
    low, high = np.quantile(draws, ((1 - share) / 2, (1 + share) / 2))
    return bool(low <= truth <= high)


def test_the_fit_finds_what_was_put_in(told: Fit) -> None:
    assert told.sound
    assert within(np.exp(told.path[:, -1]), LEVEL)
    assert within(told.season[:, 0] - told.season[:, 6], 1.0)
    assert within(told.dispersion, K)
    assert within(told.trend, 0.0)
    assert np.median(told.volatility) < 0.1, "a level that does not wander is not said to"
    assert np.allclose(told.season.sum(axis=1), 0.0, atol=1e-4)


def test_nothing_later_than_the_month_asked_about_is_looked_at(
    told: Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Seen(Exception):
        """What the sampler would have been given."""

    def look(counts: np.ndarray, *_: object) -> None:
        raise Seen(counts)

    monkeypatch.setattr(rates, "_sample", look)
    later = record() | {after("1843-06", i): 10_000.0 for i in range(1, 9)}
    with pytest.raises(Seen) as caught:
        fit(later, "1843-06")
    assert np.array_equal(caught.value.args[0], told.counts, equal_nan=True)


def test_a_forecast_follows_the_season_and_is_the_same_for_the_same_seed(told: Fit) -> None:
    ahead = forecast(told, 12, 4_000, breaks=None)
    assert ahead.shape == (12, 4_000)
    assert np.array_equal(ahead, forecast(told, 12, 4_000, breaks=None))
    middle = np.median(ahead, axis=1)
    assert middle[6] > 1.8 * middle[0], "January is busier than July"
    truth = LEVEL * np.exp(SEASON[[(6 + i) % 12 for i in range(12)]])
    low, high = np.quantile(ahead, (0.05, 0.95), axis=1)
    assert ((low < truth) & (truth < high)).all()


def test_a_forecast_doubts_that_the_regime_lasts(told: Fit) -> None:
    steady, doubtful = (forecast(told, 12, 20_000, breaks=b) for b in (None, WORLD))
    fallen = LEVEL * np.exp(SEASON[5]) / 5
    assert (steady[-1] < fallen).mean() < 0.02
    chance = (doubtful[-1] < fallen).mean()
    expected = 1 - (1 - WORLD.fall) ** 12
    assert 0.7 * expected < chance < 1.3 * expected


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ({}, "K160"),
        ({f"1843-{m:02d}": 3.0 for m in range(1, 7)}, "K160"),
        (record() | {"1843-06": -1.0}, "K161"),
        (record() | {"1843-06": 2.5}, "K161"),
        (dict.fromkeys(record(), 0.0), "K162"),
    ],
)
def test_what_cannot_be_fitted_is_refused(counts: dict[str, float], code: str) -> None:
    with pytest.raises(SuasionError) as caught:
        fit(counts, "1843-06")
    assert caught.value.code == code


def test_breaks_are_counted_once_and_only_out_of_steady_years() -> None:
    steady = [100.0] * 30
    assert measured([steady]).fall == 0
    collapse = measured([steady + [2.0] * 30])
    assert (collapse.fall > 0, collapse.rise) == (True, 0)
    assert round(collapse.fall * collapse.at_risk) == 1
    assert measured([[5.0] * 60]).at_risk == 0, "too little violence to tell"


def support(years: str, rebel: str = "7") -> list[SupportYear]:
    """Years of a group from 1830 on: S supported, . observed without, a space not in the data."""
    return [
        SupportYear(rebel, "band", 1830 + i, ("Government of Weir",) if mark == "S" else ())
        for i, mark in enumerate(years)
        if mark != " "
    ]


def test_spells_stop_only_where_the_rebels_are_seen_without_support() -> None:
    every = base_rates.spells(support("SS SS..S") + support("S", "8") + support("....SSSSSS", "9"))
    assert [(s.rebel, s.years, s.ending) for s in every] == [
        ("7", 4, "stopped"),
        ("7", 1, "rebels left the data"),
        ("8", 1, "rebels left the data"),
        ("9", 6, "data end"),
    ]
    first, whole = base_rates.stop_hazard(every, [(1, 1), (1, 200)])
    assert (first.stops.number, first.stops.of, first.leaves.number) == (0, 4, 2)
    assert (whole.stops.number, whole.stops.of) == (1, 4 + 1 + 1 + 5)
    alive, error = base_rates.lasting(every)
    assert alive[0] == 1
    assert (np.diff(alive) <= 0).all()
    assert error[-1] > 0


def test_a_share_has_an_interval_around_it_and_a_monthly_hazard_below_it() -> None:
    share = base_rates.Share(30, 200)
    low, high = share.interval
    assert low < share.value < high
    assert 1 - np.exp(-12 * share.monthly[1]) == pytest.approx(30.5 / 201)
    assert base_rates.Share(0, 9).interval[0] == pytest.approx(0, abs=0.01)


def test_endings_are_told_by_who_was_helped() -> None:
    def year(dyad: str, when: int, rebels_helped: bool = False) -> DyadYear:
        return DyadYear(dyad, "c", ("Government", "band"), dyad, when, None, (False, rebels_helped))

    dyads = [*(year("7", y, True) for y in (1830, 1831, 1833)), *(year("8", y) for y in range(1830, 1841))]
    found = {each.kind: each for each in base_rates.endings(dyads)}
    assert (found["troops beside the rebels"].ends.number, found["troops beside the rebels"].ends.of) == (
        2,
        3,
    )
    assert (found["no foreign troops"].ends.number, found["no foreign troops"].ends.of) == (0, 10)
    assert found["all"].resumes.number == 1


@pytest.mark.skipif(not SHARED.is_dir(), reason="the data do not travel with the code")
def test_the_first_case_cites_the_base_rates_that_the_data_give() -> None:
    dyads = read_data(SHARED / "ucdp_dyadic_v24_1.csv").dyads
    support = read_data(SHARED / "ucdp_esd_actor_year_181.csv").support
    ends = {e.kind: e.ends for e in base_rates.endings(dyads, support)}
    told = {p.id: p.gist for s in suasion.read("pakistan_taliban").sources for p in s.paragraphs}
    for share in (ends[kind] for kind in base_rates.KINDS[-4:-1]):
        assert f"{share.number} of {share.of} ({100 * share.value:.0f} %" in told["supported"]
    later = base_rates.stop_hazard(base_rates.spells(support))[4].stops
    low, high = later.interval
    assert f"{100 * later.value:.0f} % later ({100 * low:.0f} to {100 * high:.0f})" in told["stops"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the data do not travel with the code")
def test_published_support_gives_the_hazards_that_were_derived_from_it() -> None:
    found = base_rates.stop_hazard(
        base_rates.spells(read_data(SHARED / "ucdp_esd_actor_year_181.csv").support)
    )
    with (SHARED / "derived_esd_stop_hazard_by_duration.csv").open() as file:
        rows = list(csv.DictReader(file))
    told = [
        (int(r["support_years_at_risk"]), int(r["patron_stops"]), int(r["rebel_leaves_data"])) for r in rows
    ]
    assert [(b.stops.of, b.stops.number, b.leaves.number) for b in found] == told


@pytest.mark.skipif(not SHARED.is_dir(), reason="the data do not travel with the code")
def test_the_world_breaks_as_often_as_we_say() -> None:
    series = read_data(SHARED / "ucdp_ged_country_month_fatalities_all.csv").series
    found = measured([[v for m, v in each.values.items() if m <= "2021-06"] for each in series])
    assert found.at_risk == WORLD.at_risk
    for name in ("fall", "rise", "deeper", "higher"):
        assert getattr(found, name) == pytest.approx(getattr(WORLD, name), rel=0.02)


@pytest.fixture
def harrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case with a record of its own, and a cache of its own."""
    monkeypatch.setenv("SUASION_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "harrow"
    shutil.copytree(Path(suasion.__file__).parent / "worlds" / "harrow", root)
    rows = [f"raids,{m},{c:g},raids,toll book,CC0" for m, c in record(gap=False).items()]
    later = [f"raids,{after('1843-06', i)},900,raids,toll book,CC0" for i in range(6)]
    (root / "record.csv").write_text(
        "\n".join(["series,month,value,unit,source,licence", *rows[:-1], *later]), "utf-8"
    )
    return root


def test_a_case_is_fitted_once_and_takes_the_layer_in(
    harrow: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["fit", str(harrow), "--as-of", "1843-06-01", "--out", str(harrow / "fitted.yaml")]
    assert main([*ask, "--figure", str(harrow.parent / "raids.png")]) == 0
    told = capsys.readouterr().out
    assert "in May 1843" in told, "June was not over on the first of June"
    assert "times as many in January as in July" in told or "times as many" in told
    assert (harrow.parent / "raids.png").stat().st_size > 10_000
    case = suasion.read(harrow, "1843-06-01")
    layer = next(s for s in case.scenarios if s.id == "fitted_1843_06_01")
    season = layer.overrides["raids"]["season"]
    assert isinstance(season, list | tuple)
    assert len(season) == 12
    assert float(season[0]) > float(season[6])
    shocks = float(str(layer.overrides["raids"]["restless"]))
    assert 0 < shocks < 0.2
    raids = next(v for v in layered(case, layer).variables if v.id == "raids")
    assert raids.season_during == ("raiding", "truce"), "when a season holds is the case's to say"
    assert raids.restless == shocks

    def never(*_: object, **__: object) -> Fit:
        raise AssertionError("fitted twice")

    monkeypatch.setattr(rates, "fit", never)
    assert main([*ask, "--json"]) == 0


@pytest.mark.skipif(not SHARED.is_dir(), reason="the data do not travel with the code")
def test_the_first_case_keeps_the_record_of_the_war_with_the_ttp() -> None:
    case = suasion.read("pakistan_taliban")
    record = {s.name: s.values for s in record_of(case)}
    with (SHARED / "ucdp_ged_pakistan_dyad_month_1989_2021.csv").open() as file:
        rows = [r for r in csv.DictReader(file) if r["dyad_name"] == "Government of Pakistan - TTP"]
    counted = {r["month"]: (float(r["events"]), float(r["deaths_best"])) for r in rows}
    for month, deaths in record["ttp_deaths"].items():
        assert (record["ttp_attacks"][month], deaths) == counted.get(month, (0.0, 0.0)), month


def test_the_first_case_s_deadliness_of_attacks_is_that_of_its_record() -> None:
    record = {s.name: s.values for s in record_of(suasion.read("pakistan_taliban"))}
    found = []
    for first in ("2011-07", "2017-01"):
        months = [m for m in record["ttp_attacks"] if first <= m <= "2021-06"]
        attacks = np.log([max(record["ttp_attacks"][m], 0.5) for m in months])
        deaths = np.array([record["ttp_deaths"][m] for m in months])

        def against(line: np.ndarray, x: np.ndarray = attacks, y: np.ndarray = deaths) -> float:
            mean, k = np.exp(line[0] + line[1] * x), np.exp(line[2])
            return -float(nbinom.logpmf(y, k, k / (k + mean)).sum())

        found.append(minimize(against, np.ones(3)).x[1])
    assert found == pytest.approx([1.41, 1.27], abs=0.02)


WORLD_NAMES = {
    "Bosnia-Herzegovina": "Bosnia and Herz.",
    "DR Congo (Zaire)": "Dem. Rep. Congo",
    "Myanmar (Burma)": "Myanmar",
    "Russia (Soviet Union)": "Russia",
    "Serbia (Yugoslavia)": "Serbia",
    "Yemen (North Yemen)": "Yemen",
}
"""Countries that two of UCDP's files call by different names, where a war ended."""


@pytest.mark.skipif(not SHARED.is_dir(), reason="the data do not travel with the code")
def test_deaths_in_the_year_after_a_war_are_what_the_first_case_cites() -> None:
    series = read_data(SHARED / "ucdp_ged_country_month_fatalities_all.csv").series
    deaths = {
        (each.name, year): sum(v for m, v in each.values.items() if m[:4] == str(year))
        for each in series
        for year in range(1989, 2021)
    }
    with (SHARED / "ucdp_dyadic_v24_1.csv").open() as file:
        rows = [r for r in csv.DictReader(file) if int(r["type_of_conflict"]) >= 3]
    fought = {(r["dyad_id"], int(r["year"])) for r in rows}
    ended = [
        (WORLD_NAMES.get(r["location"], r["location"]), int(r["year"]))
        for r in rows
        if r["intensity_level"] == "2" and 1990 <= int(r["year"]) <= 2019
        if (r["dyad_id"], int(r["year"]) + 1) not in fought
    ]
    assert (len(ended), len({country for country, _ in ended})) == (30, 23)
    left = [deaths[country, year + 1] / deaths[country, year] for country, year in ended]
    middle = np.quantile(left, (0.1, 0.25, 0.5, 0.75, 0.9))
    assert middle == pytest.approx([0.0, 0.004, 0.11, 0.44, 0.94], abs=0.005)


def test_a_rate_of_the_first_case_is_what_the_fit_finds() -> None:
    case = suasion.read("pakistan_taliban", "2021-06-30")
    series = next(s for s in record_of(case) if s.name == "ttp_deaths").until(day_of(case))
    found = fit(series.values)
    variable = next(v for v in case.variables if v.id == "ttp_deaths")
    told: dict[str, Any] = fields(Fitted(variable, series, found))
    assert variable.start is not None
    assert isinstance(variable.start.value, Distribution)
    assert variable.start.value.lognormal is not None
    level, spread = variable.start.value.lognormal
    found_level, found_spread = told["start"]["value"]["lognormal"]
    assert level == pytest.approx(found_level, rel=0.1)
    assert spread == pytest.approx(found_spread, rel=0.15)
    assert variable.restless == pytest.approx(told["restless"], abs=0.02)
    assert variable.dispersion == pytest.approx(told["dispersion"], rel=0.1)
    assert "season" not in told
    assert variable.season is None


def test_a_case_without_a_record_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "harrow"]) == 2
    assert "K164" in capsys.readouterr().err


@pytest.mark.parametrize("names", [["raid=chronicle"], ["raids=chronicle", "raids=tollbook"], ["raids"]])
def test_a_series_is_never_given_to_another_rate_than_was_meant(names: list[str], harrow: Path) -> None:
    record = [Series(name, {"1843-01": 3.0}, "raids", Origin("x")) for name in ("chronicle", "tollbook")]
    case = api.read(harrow, hindsight=True)
    with pytest.raises(SuasionError) as caught:
        renamed(record, names, case)
    assert caught.value.code == "K165"
    (chosen,) = [one for one in renamed(record, ["raids = tollbook"], case) if one.name == "raids"]
    assert chosen.values == {"1843-01": 3.0}


def test_years_are_counted_once_and_nothing_is_said_of_none() -> None:
    patrons = ("Government of Harrow",)
    years = [SupportYear("r", "Fell League", year, patrons) for year in (1840, 1841)]
    with pytest.raises(SuasionError) as caught:
        base_rate_findings.stops([*years, years[0]])
    assert caught.value.code == "K345"
    told = [*years, SupportYear("r", "Fell League", 1842, ())]
    said = " ".join(one.text for one in base_rate_findings.stops(told).sentences)
    assert "nan" not in said
    assert "after the tenth: not known" in said
    with pytest.raises(SuasionError) as caught:
        base_rate_findings.stops(years[:1])  # its last year cannot tell whether it went on
    assert caught.value.code == "K160"


def test_endings_are_told_as_the_data_have_them_whichever_way_they_point() -> None:
    dyads = [DyadYear(d, d, ("A", d), d, 2000 + y, None, (False, False)) for d in "xy" for y in range(2)]
    dyads.append(DyadYear("z", "z", ("A", "z"), "z", 2003, None, (False, False)))
    said = " ".join(one.text for one in base_rate_findings.ends(dyads).sentences)
    assert "nan" not in said
    with pytest.raises(SuasionError) as caught:
        base_rate_findings.ends([*dyads, dyads[0]])
    assert caught.value.code == "K345"
