"""What the first case must show: what its documents describe, told as statements about the ensemble.

Nothing here knows how the story ended. Each statement is one that a reader of the papers of June and
September 2021 would make; margins are several Monte Carlo errors wide.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from suasion import api
from suasion.runs.run import Run

FUTURES = 2_000
SETTLED_IN = 9
"""Months into a phase at which its effects are read."""


@pytest.fixture(scope="module")
def june() -> Run:
    """The status quo as of June 2021."""
    return api.simulate("pakistan_taliban", as_of="2021-06-30", futures=FUTURES)


@pytest.fixture(scope="module")
def september() -> Run:
    """The status quo as of September 2021."""
    return api.simulate("pakistan_taliban", as_of="2021-09-09", futures=FUTURES)


@pytest.fixture(scope="module")
def war_resumes() -> Run:
    """As of September 2021, with war resuming after half a year."""
    return api.simulate("pakistan_taliban", as_of="2021-09-09", futures=FUTURES, events=["E_war_resumes@6"])


def level(run: Run, variable: str) -> NDArray[np.float64]:
    """(month, future) levels, all draws together."""
    values = run.data["level"].sel(variable=variable).values.astype(float)
    return values.reshape(values.shape[0], -1)


def phase(run: Run) -> NDArray[np.str_]:
    """(month, future) ids of phases."""
    index = run.data["phase"].values
    names: NDArray[np.str_] = np.array(run.data.attrs["phases"])
    return names.take(index.reshape(index.shape[0], -1))


def still_at_war(run: Run) -> NDArray[np.bool_]:
    """(month, future) whether the future has never left the insurgency."""
    return np.logical_and.accumulate(phase(run) == "insurgency", axis=0)


def change_under(run: Run, variable: str, wanted: str) -> NDArray[np.float64]:
    """Change from the start to nine months into an unbroken spell of a phase, for futures that have one."""
    phases, x = phase(run), level(run, variable)
    changes = []
    for future in range(x.shape[1]):
        inside = phases[:, future] == wanted
        first = int(inside.argmax())
        last = first + SETTLED_IN
        if inside.any() and last < len(inside) and inside[first : last + 1].all():
            changes.append(x[last, future] - x[0, future])
    return np.array(changes)


def test_talks_are_attended_but_go_nowhere(june: Run) -> None:
    at_war = still_at_war(june)
    attends = june.data["setting"].sel(lever="L_tb_join_talks").values.reshape(25, -1) >= 1
    talks = level(june, "talks_progress")
    for month in (3, 6, 12):
        assert attends[month][at_war[month]].mean() > 0.75
        assert talks[month][at_war[month]].mean() < 0.2


def test_violence_and_mistrust_stay_high(june: Run) -> None:
    at_war = still_at_war(june)
    for variable in ("afg_violence", "kabul_mistrust", "afg_public_mistrust_pak"):
        for month in (3, 6, 12):
            assert level(june, variable)[month][at_war[month]].mean() > 0.7


def test_leverage_drifts_down_as_the_taliban_gain(june: Run) -> None:
    at_war, leverage, ground = still_at_war(june), level(june, "pak_leverage"), level(june, "tb_territory")
    course = [leverage[month][at_war[month]].mean() for month in (0, 3, 6, 12)]
    assert all(later < earlier - 0.005 for earlier, later in pairwise(course))
    lost = (leverage[6] - leverage[0])[at_war[6]]
    won = (ground[6] - ground[0])[at_war[6]]
    assert np.corrcoef(lost, won)[0, 1] < -0.1


@pytest.mark.parametrize("wanted", ["emirate", "civil_war", "settled"])
def test_takeover_civil_war_and_settlement_are_all_possible(june: Run, wanted: str) -> None:
    entered = (phase(june) == wanted).any(axis=0).mean()
    assert 0.02 < entered < 0.9


def test_the_run_of_june_does_not_know_the_end(june: Run) -> None:
    taken_by_september = (phase(june)[2] == "emirate").mean()
    assert 0.005 < taken_by_september < 0.3


@pytest.mark.parametrize(
    ("variable", "sign"),
    [
        ("pak_lev_war", -1),
        ("tb_need_sanctuary", -1),
        ("pak_leverage", -1),
        ("pak_influence_afg", +1),
        ("india_influence_afg", -1),
        ("ttp_attacks", +1),
        ("ttp_morale", +1),
        ("tb_intl_legitimacy", -1),
        ("intl_aid_afg", -1),
        ("pak_regime_burden", +1),
    ],
)
def test_a_takeover_changes_what_the_papers_say_it_changes(june: Run, variable: str, sign: int) -> None:
    change = change_under(june, variable, "emirate")
    assert len(change) > 100
    assert (np.sign(change) == sign).mean() > 0.75


def test_a_takeover_makes_wartime_leverage_collapse(june: Run) -> None:
    start = level(june, "pak_lev_war")[0].mean()
    assert -change_under(june, "pak_lev_war", "emirate").mean() > 0.75 * start


def test_governing_brings_leverage_of_a_new_kind(june: Run) -> None:
    assert level(june, "pak_lev_new")[0].max() == 0.0
    assert change_under(june, "pak_lev_new", "emirate").mean() > 0.05


@pytest.mark.parametrize("variable", ["pak_lev_war", "tb_dep_pak", "tb_need_sanctuary", "pak_sanctuary"])
def test_if_war_resumes_dependence_returns(september: Run, war_resumes: Run, variable: str) -> None:
    """Both meet the same luck, so the difference is the war's."""
    gain = level(war_resumes, variable)[12] - level(september, variable)[12]
    before = level(war_resumes, variable)[5] - level(september, variable)[5]
    assert np.all(before == 0.0)
    assert gain.mean() > 0.1


def test_if_war_resumes_governing_era_leverage_goes(september: Run, war_resumes: Run) -> None:
    at_war = phase(war_resumes)[12] == "civil_war"
    assert level(war_resumes, "pak_lev_new")[12][at_war].mean() < 0.02
    assert level(september, "pak_lev_new")[12].mean() > 0.1


def test_pressing_the_shura_buys_calm_and_talks_at_the_price_of_the_tie(june: Run) -> None:
    pressed = api.simulate(
        "pakistan_taliban", as_of="2021-06-30", futures=FUTURES, levers=["L_pak_press_shura=coerce"]
    )
    for variable, sign in (
        ("afg_violence", -1),
        ("talks_progress", +1),
        ("settlement", +1),
        ("pak_tb_rel", -1),
        ("tb_resent_pak", +1),
    ):
        difference = level(pressed, variable)[6:13] - level(june, variable)[6:13]
        assert sign * difference.mean() > 0.01, variable


def test_the_status_quo_does_not_sag(june: Run) -> None:
    """Variables that the papers say nothing moves stay where they are, phases aside."""
    at_war = still_at_war(june)
    for variable in ("kabul_unity", "tb_command_compliance", "china_pak_tie", "us_clarity"):
        drift = (level(june, variable)[6] - level(june, variable)[0])[at_war[6]].mean()
        assert abs(drift) < 0.03, variable


def test_no_draw_is_unhealthy(june: Run, september: Run) -> None:
    assert june.manifest.unhealthy == {}
    assert september.manifest.unhealthy == {}


def test_the_case_holds_the_whole_coding(shared: Path) -> None:
    import json

    case = api.read("pakistan_taliban", hindsight=True)
    nouns: dict[str, tuple[Any, ...]] = {
        "actors": case.actors,
        "variables": case.variables,
        "levers": case.levers,
        "ties": case.ties,
        "events": case.events,
        "claims": case.claims,
        "questions": case.questions,
        "scenarios": case.scenarios,
    }
    for noun, items in nouns.items():
        coded = {row["id"] for row in json.loads((shared / "coding" / f"{noun}.json").read_text())}
        assert coded <= {item.id for item in items}, noun
    paragraphs = json.loads((shared / "coding" / "paragraphs.json").read_text())
    told = {f"{source.id}:{p.id}" for source in case.sources for p in source.paragraphs}
    assert {f"{row['doc']}:{row['p']}" for row in paragraphs if row["p"]} <= told


def test_the_run_of_june_rests_on_nothing_later(june: Run) -> None:
    dates = {source.id: source.date.isoformat() for source in june.case.sources}
    for variable in june.case.variables:
        for stated in (variable.start, variable.heading):
            if stated is None or stated.basis == "assumed" or not (stated.because or variable.because):
                continue
            cited = stated.because or variable.because
            assert (
                any(dates[ref.split(":")[0]] <= "2021-06-30" for ref in cited) or variable.basis == "assumed"
            )
