"""Update: weights are likelihoods, errors tell what is left, and contradictions are named."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.lenses.synthetic import run

from suasion.base.errors import SuasionError
from suasion.case.records import Observation
from suasion.learn.sightings import lines, once, read, read_file, recorded
from suasion.learn.update import independent, keep, resampled, systematic, update
from suasion.learn.weighing import Care, effective, weigh
from suasion.lenses import look
from suasion.runs.run import Run, open_run

MADE = run(draws=200)
EXACT = Care(reporting=0.0, miscoding=0.0, least=5)


def at(month: int) -> str:
    """The calendar month so many months after June 300."""
    years, index = divmod(5 + month, 12)
    return f"{300 + years:04d}-{index + 1:02d}"


def weights(*told: str, care: Care = EXACT) -> np.ndarray:
    return weigh(MADE, read(MADE, told), care)[0]


def test_sightings_are_read_by_month() -> None:
    told = [
        f"lever:blockade=partial@{at(4)}",
        f"raids=7@{at(2)}",
        f"trust=0.4±0.1@{at(3)}-15",
        f"phase:siege@{at(1)}",
    ]
    found = read(MADE, told)
    assert [each.month for each in found] == [1, 2, 3, 4]
    assert [each.kind for each in found] == ["phase", "count", "level", "lever"]
    assert (found[2].value, found[2].error) == (0.4, 0.1)
    assert read(MADE, [f"trust=0.4+-0.1@{at(3)}"])[0].error == 0.1


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("raids", "K190"),
        ("raids=many@0300-08", "K190"),
        ("raids=-1@0300-08", "K190"),
        ("raids=1.5@0300-08", "K190"),
        ("raids=1e12@0300-08", "K190"),
        ("raids=7@0300-13", "K190"),
        ("trust=0.4.1±0.1@0300-08", "K190"),
        ("trust=nan±0.1@0300-08", "K190"),
        ("trust=0.4@0300-08", "K192"),
        ("trust=1.4±0.1@0300-08", "K190"),
        ("grain=0±1@0300-08", "K190"),
        ("trust=0.4±0.1@0300-06", "K191"),
        ("trust=0.4±0.1@0309-06", "K191"),
        ("trusd=0.4±0.1@0300-08", "R003"),
        ("phase:peace@0300-08", "R006"),
        ("event:feast@0300-08", "R007"),
        ("lever:blokade=full@0300-08", "R004"),
        ("lever:blockade=ful@0300-08", "R010"),
        ("lever:blockade@0300-08", "K190"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_fix(told: str, code: str) -> None:
    with pytest.raises(SuasionError) as refused:
        read(MADE, [told])
    assert refused.value.code == code
    assert refused.value.fix


@given(st.text(alphabet="raidstut:=@±+-.0123456789e phlv", max_size=30))
def test_no_text_ever_ends_in_anything_but_a_sighting_or_a_fix(text: str) -> None:
    with suppress(SuasionError):
        assert read(MADE, [text, f"{text}@0300-08"])


def test_a_file_holds_one_a_line_and_remarks(tmp_path: Path) -> None:
    file = tmp_path / "seen.txt"
    file.write_text("# what we saw\nraids=7@0300-08  # by the toll book\n\nphase:siege@0300-09\n", "utf-8")
    assert list(lines(file).values()) == ["raids=7@0300-08", "phase:siege@0300-09"]


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "seen.txt"
    file.write_text("raids=7@0300-08\n", "utf-8-sig")
    assert lines(file) == {1: "raids=7@0300-08"}


def test_a_line_that_cannot_be_read_is_named_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / "seen.txt"
    file.write_text("raids=7@0300-08\n# a remark\nraids=many@0300-09\n")
    with pytest.raises(SuasionError, match=r"seen\.txt:3: 'raids=many@0300-09'") as refused:
        read_file(MADE, file)
    assert refused.value.code == "K190"


@pytest.mark.parametrize("told", ["phase:siege=no@0300-08", "event:flood=no@0300-08"])
def test_what_did_not_happen_is_never_weighed_as_if_it_had(told: str) -> None:
    with pytest.raises(SuasionError, match="take no value") as refused:
        read(run(), [told])
    assert refused.value.code == "K190"


def test_the_cases_own_observations_are_taken_when_they_are_later() -> None:
    raw = [
        {"id": "a", "date": "0300-05-01", "item": "raids", "value": 5},
        {"id": "b", "date": "0300-08-01", "item": "raids", "value": 7},
        {"id": "c", "date": "0300-09-01", "item": "trust", "value": 0.4, "error": 0.1},
        {"id": "d", "date": "0300-09-01", "item": "siege"},
        {"id": "e", "date": "0300-09-01", "item": "blockade", "setting": "full"},
    ]
    observed = [Observation.model_validate(each) for each in raw]
    made = Run(MADE.case.model_copy(update={"observations": tuple(observed)}), MADE.manifest, MADE.data)
    assert [(s.kind, s.month) for s in recorded(made)] == [
        ("count", 2),
        ("level", 3),
        ("phase", 3),
        ("lever", 3),
    ]

    assert [s.month for s in recorded(made, dt.date(300, 8, 31))] == [2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("raids=7@0300-08", "raids=9@0300-08"),
        ("raids=7@0300-08", "raids = 7 @ 0300-08-15"),
        ("phase:siege@0300-08", "phase:rule@0300-08"),
        ("lever:blockade=full@0300-08", "lever:blockade=partial@0300-08"),
        ("trust=0.4±0.1@0300-08", "trust=0.4±0.1@0300-08"),
    ],
)
def test_what_is_told_twice_is_refused_and_both_are_named(one: str, other: str) -> None:
    with pytest.raises(SuasionError, match="tell of the same") as refused:
        once(read(MADE, [one, other]))
    assert refused.value.code == "K287"
    assert one in refused.value.message


def test_a_level_may_be_measured_twice_and_other_months_are_others() -> None:
    once(read(MADE, ["trust=0.4±0.1@0300-08", "trust=0.5±0.1@0300-08", "raids=7@0300-08", "raids=7@0300-09"]))


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(SuasionError, match="no day 0300-08-45"):
        read(MADE, ["raids=7@0300-08-45"])


def test_a_phase_seen_for_sure_leaves_just_the_futures_in_it() -> None:
    found = weights(f"phase:siege@{at(12)}")
    there = MADE.data["phase"].values[12] == 1
    np.testing.assert_allclose(found, there / there.sum())


def test_miscoding_leaves_a_little_to_the_others() -> None:
    found = weights(f"phase:siege@{at(12)}", care=replace(EXACT, miscoding=0.1))
    there = MADE.data["phase"].values[12] == 1
    share = there.mean()
    assert found[there].sum() == pytest.approx(0.9 * share / (0.9 * share + 0.1 * (1 - share)))


def test_a_count_weighs_by_the_negative_binomial_of_the_rate() -> None:
    found = weights(f"raids=9@{at(3)}")
    rate = MADE.data["level"].sel(variable="raids").values[3].astype(float)
    expected = stats.nbinom.pmf(9, 4.0, 4.0 / (4.0 + rate))  # a dispersion of 4
    np.testing.assert_allclose(found, expected / expected.sum(), rtol=1e-6)


def test_reporting_error_widens_a_count_and_so_weighs_less() -> None:
    sizes = [
        effective(weights(f"raids=14@{at(3)}", care=replace(EXACT, reporting=r))) for r in (0.0, 0.3, 1.0)
    ]
    assert sizes == sorted(sizes)


def test_a_level_weighs_on_the_scale_on_which_it_moves() -> None:
    found = weights(f"trust=0.3±0.05@{at(3)}")
    level = MADE.data["level"].sel(variable="trust").values[3].astype(float)
    logit = np.log(level / (1 - level))
    expected = stats.norm.pdf(logit, np.log(0.3 / 0.7), 0.05 / 0.21)
    np.testing.assert_allclose(found, expected / expected.sum(), rtol=1e-5)


def test_sightings_multiply_in_any_order() -> None:
    told = [f"raids=9@{at(3)}", f"trust=0.35±0.1@{at(3)}"]
    np.testing.assert_allclose(weights(*told), weights(*reversed(told)), rtol=1e-9)


def test_what_no_future_shows_is_refused_and_named() -> None:
    with pytest.raises(SuasionError, match=r"'raids=900@.*contradicts the run") as refused:
        weights(f"trust=0.35±0.1@{at(2)}", f"raids=900@{at(3)}")
    assert refused.value.code == "K193"


def test_what_leaves_too_little_is_refused_and_what_took_most_is_named() -> None:
    with pytest.raises(SuasionError, match=r"'phase:accord@.*took most") as refused:
        weights(f"trust=0.35±0.3@{at(2)}", f"phase:accord@{at(2)}", care=replace(EXACT, least=50))
    assert refused.value.code == "K194"


def test_nothing_learnt_gives_back_the_run_as_it_was() -> None:
    shape = MADE.data["phase"].shape[1:]
    left = resampled(MADE, np.full(shape, 1 / np.prod(shape)), [])
    for name in MADE.data.data_vars:
        np.testing.assert_array_equal(left.data[name].values, MADE.data[name].values)


@given(st.lists(st.floats(1e-6, 1), min_size=2, max_size=60), st.integers(2, 80))
def test_systematic_picks_each_as_often_as_its_weight_says(raw: list[float], number: int) -> None:
    w = np.array(raw) / sum(raw)
    times = np.bincount(systematic(w, number), minlength=len(w))
    assert times.sum() == number
    assert (np.abs(times - number * w) < 1 + 1e-6).all()


@given(st.lists(st.floats(1e-3, 1), min_size=4, max_size=60))
def test_what_is_picked_never_claims_more_than_the_weights_hold(raw: list[float]) -> None:
    w = np.array(raw) / sum(raw)
    assert 2 <= independent(w) <= len(w)
    if independent(w) > 2:
        assert independent(w) <= effective(w) / 0.9 + 1e-6


def test_the_error_told_is_that_of_the_weights() -> None:
    """Against the self-normalised estimate and its clustered error, which lenses never see."""
    seen = read(MADE, [f"raids=9@{at(6)}", f"trust=0.35±0.1@{at(6)}"])
    done = update(MADE, seen, EXACT)
    rules = (MADE.data["phase"].values[24] == 3).astype(float)
    mean = float((done.weights * rules).sum())
    of_draw = done.weights.sum(axis=1)
    within = (done.weights * rules).sum(axis=1) / of_draw
    exact = float(np.sqrt((of_draw**2 * (within - mean) ** 2).sum()))
    shares = look(done.run, "phases").data.sel(phase="rule", month=24)
    assert float(shares.error) >= 0.85 * exact
    assert abs(float(shares.share) - mean) < 3 * float(shares.error)


def test_counts_that_were_seen_stand_in_for_those_made_up() -> None:
    left = update(MADE, read(MADE, [f"raids=9@{at(3)}"]), EXACT).run
    assert (left.data["count"].sel(rate="raids", month=3) == 9).all()
    assert left.data["count"].dims == MADE.data["count"].dims


def test_an_updated_run_answers_every_lens_and_says_what_was_seen(tmp_path: Path) -> None:
    done = update(MADE, read(MADE, [f"phase:siege@{at(6)}"]), EXACT)
    keep(done.run, tmp_path / "left")
    again = open_run(tmp_path / "left")
    assert again.manifest.seen == (f"phase:siege@{at(6)}",)
    for lens in ("phases", "outcomes", "leverage", "moved", "course", "ties"):
        xr.testing.assert_allclose(look(again, lens).data, look(done.run, lens).data)
    with pytest.raises(SuasionError) as refused:
        update(again, read(again, [f"raids=9@{at(7)}"]))
    assert refused.value.code == "K195"
    with pytest.raises(SuasionError) as refused:
        keep(done.run, tmp_path)
    assert refused.value.code == "K013"


def test_a_run_of_old_can_still_be_read(tmp_path: Path) -> None:
    import json

    done = update(MADE, read(MADE, [f"phase:siege@{at(6)}"]), EXACT)
    keep(done.run, tmp_path / "left")
    file = tmp_path / "left" / "manifest.json"
    old = json.loads(file.read_text("utf-8"))
    del old["seen"]
    file.write_text(json.dumps(old), "utf-8")
    assert open_run(tmp_path / "left").manifest.seen == ()


def test_a_world_is_forecast_better_once_half_a_year_of_it_has_been_seen() -> None:
    """Worlds of another seed stand for the truth: their own record is what is seen."""
    from suasion import api

    prior = api.simulate("harrow", futures=2560, months=12, seed=1)
    truth = api.simulate("harrow", futures=320, months=12, seed=2).data
    phases = list(prior.data.attrs["phases"])
    rule, start = phases.index("league_rule"), dt.date.fromisoformat(prior.manifest.as_of)
    ends = (prior.data["phase"].isel(month=12).values == rule).astype(float)
    raids = np.log(prior.data["level"].sel(variable="raids", month=12).values)
    gained, nearer = [], []
    for draw in range(0, 64, 2):
        world = truth.isel(draw=draw, future=0)
        told = []
        for month in (2, 4, 6):
            when = f"{start.year}-{start.month + month:02d}"
            told += [f"raids={int(world['count'].sel(rate='raids')[month])}@{when}"]
            told += [f"phase:{phases[int(world['phase'][month])]}@{when}"]
        found = weigh(prior, read(prior, told), Care(0.0, 0.001, 5))[0]
        happened = float(world["phase"][12] == rule)
        gained.append((float(ends.mean()) - happened) ** 2 - (float((found * ends).sum()) - happened) ** 2)
        there = float(np.log(world["level"].sel(variable="raids")[12]))
        nearer.append((raids.mean() - there) ** 2 - (float((found * raids).sum()) - there) ** 2)
    assert np.mean(gained) > 2 * np.std(gained) / np.sqrt(len(gained))
    assert np.mean(nearer) > 0


def test_an_event_is_told_from_the_run_lived_again() -> None:
    from suasion import api

    made = api.simulate("harrow", futures=320, months=8, events=["council_at_weir@4"])
    seen = read(made, ["event:council_at_weir@1843-10"])
    assert weigh(made, seen, EXACT)[1][0].chance == pytest.approx(1.0)
    with pytest.raises(SuasionError, match="contradicts"):
        weigh(made, read(made, ["event:council_at_weir@1843-09"]), EXACT)


def test_update_is_drawn(tmp_path: Path) -> None:
    from suasion.report.figures import draw, save

    done = update(MADE, read(MADE, [f"phase:siege@{at(6)}"]), EXACT)
    picture = save(draw(done.finding), tmp_path / "u.svg").read_text("utf-8")
    assert picture.startswith("<svg")
    assert "NaN" not in picture
