"""`suasion backtest`: files read or refused row by row, origins hidden from what came later, scores told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import suasion
from suasion.base.diagnostics import Diagnostic
from suasion.base.errors import CaseError, SuasionError
from suasion.cli.main import MISTAKE, main
from suasion.data.counts import Layout
from suasion.data.formats import read_counts
from suasion.data.months import after
from suasion.learn import backtest as learn
from suasion.learn import scores
from suasion.learn.backtest_asked import Files
from suasion.learn.baselines import Past
from suasion.report.backtest import summary

Captured = pytest.CaptureFixture[str]
USUAL = {name: learn.MODELS[name] for name in learn.USUAL}


def record(seed: int = 1, months: int = 96, first: str = "1836-01") -> dict[str, float]:
    """A made-up count with a wandering level."""
    luck = np.random.default_rng(seed)
    level = np.exp(3 + np.cumsum(luck.normal(0, 0.12, months)))
    return {after(first, i): float(n) for i, n in enumerate(luck.poisson(level))}


def tidy(path: Path, series: dict[str, float], head: str = "month,value", country: str = "") -> Path:
    """Write a tidy file."""
    tail = f",{country}" if country else ""
    rows = [f"{month},{count:.0f}{tail}" for month, count in series.items()]
    path.write_text("\n".join([head, *rows, ""]), "utf-8")
    return path


@pytest.fixture
def raids(tmp_path: Path) -> Path:
    """Eight years of raids, to the end of 1843."""
    return tidy(tmp_path / "raids.csv", record())


def test_tidy_and_wide_files_hold_the_same(tmp_path: Path) -> None:
    told = record()
    one = read_counts(tidy(tmp_path / "a.csv", told))
    two = read_counts(tidy(tmp_path / "b.csv", told, "month,deaths,country", "Harrow"))
    wide = tmp_path / "c.csv"
    wide.write_bytes(
        "\ufeffmonth;Harrow;Marl\r\n".encode()
        + "".join(f"{m}-01;{n:.0f};0\r\n" for m, n in told.items()).encode()
    )
    assert one[""] == two["Harrow"] == read_counts(wide)["Harrow"] == told
    assert list(read_counts(wide, names=["Marl"])) == ["Marl"]


def test_events_are_added_up_by_month_and_quiet_months_are_nought(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("month,kind,best\n2001-01,1.0,3\n2001-01,1.0,4\n2001-01,2.0,90\n2001-04,1.0,5\n", "utf-8")
    layout = Layout(column="best", where=(("kind", "1"),), add_up=True)
    assert read_counts(file, layout)[""] == {"2001-01": 7, "2001-02": 0, "2001-03": 0, "2001-04": 5}


def test_every_faulty_row_is_named_at_its_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(
        'month,value\n2001-01,4\nJan-01,5\n2001-13,1\n2001-03,"1,234"\n2001-04,-2\n2001-05,many\n2001-01,4\n'
        "2001-06,NaN\n2001-07,\n2001-08,inf\n2001-02-30,1\n",
        "utf-8",
    )
    with pytest.raises(CaseError) as caught:
        read_counts(file)
    faults = caught.value.diagnostics
    assert sorted((fault.place.line, fault.code) for fault in faults) == [
        (3, "D006"),
        (4, "D006"),
        (5, "D005"),
        (6, "D005"),
        (7, "D005"),
        (8, "D007"),
        (11, "D005"),
        (12, "D006"),
    ]
    assert all(fault.fix for fault in faults)


@pytest.mark.parametrize(
    "when",
    [
        *(
            "2001-1",
            "2001/01",
            "2001m1",
            "200101",
            "01/2001",
            "1/2001",
            "January 2001",
            "Jan-2001",
            "jan 2001",
        ),
        *("2001-01-31", "2001/01/31", "2001-01-01 00:00:00", "2001-01-01T00:00:00.000Z", "31 January 2001"),
    ],
)
def test_a_month_may_be_written_in_any_way_that_means_one_month(when: str, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"Month;Deaths\n{when};3.0\n\n;\n", "utf-8")
    assert read_counts(file) == {"": {"2001-01": 3.0}}


@pytest.mark.parametrize(
    "when", ["01/02/2001", "1/2/01", "Jan-01", "2001.1", "2001-00", "457", "2001", "2001-W05", "200113"]
)
def test_a_month_that_could_be_another_is_refused(when: str, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"month,deaths\n{when},3\n", "utf-8")
    with pytest.raises(CaseError) as caught:
        read_counts(file)
    assert caught.value.diagnostics[0].code == "D006"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("month_id,country_id,isoab,ged_sb\n253,7,HRW,2\n254,7,HRW,0\n", "HRW"),
        ("country_name,year,month,events,id\nHRW,2001,1,2,5\nHRW,2001,2,0,5\n", "HRW"),
        ("Year,Month,Country,Fatalities\n2001,January,HRW,2\n2001,Feb,HRW,0\n", "HRW"),
        ("date;gwno;best\n2001-01-31;700.0;2.0\n2001-02-28;700.0;0.0\n", "700"),
        ("priogrid_gid\tmonth_id\tged_sb\n14\t253\t2\n14\t254\t0\n", "14"),
        ("series,month,value,unit\nHRW,2001-01,2,raids\nHRW,2001-02,0,raids\n", "HRW"),
        (",month,HRW,Unnamed: 3\n0,2001-01,2,\n1,2001-02,0,\n", "HRW"),
    ],
)
def test_files_are_read_as_their_publishers_write_them(content: str, expected: str, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(content, "utf-8")
    assert read_counts(file) == {expected: {"2001-01": 2, "2001-02": 0}}


def test_events_are_told_by_their_own_headings_and_need_no_option(tmp_path: Path) -> None:
    ged = "id,relid,year,type_of_violence,dyad_name,country,date_start,date_end,best,high,low\n"
    file = tmp_path / "ged.csv"
    file.write_text(
        ged
        + "1,R1,2001,1,A,Harrow,2001-01-05,2001-01-06,3,4,3\n2,R2,2001,1,A,Weir,2001-03-05,2001-03-06,2,2,2\n"
        "3,R3,2001,2,B,Harrow,2001-02-05,2001-02-06,9,9,9\n",
        "utf-8",
    )
    every, state = read_counts(file), read_counts(file, Layout(where=(("type_of_violence", "1"),)))
    assert every["Harrow"] == {"2001-01": 3, "2001-02": 9, "2001-03": 0}
    assert state == {
        "Harrow": {"2001-01": 3, "2001-02": 0, "2001-03": 0},
        "Weir": {"2001-01": 0, "2001-02": 0, "2001-03": 2},
    }
    layout = Layout(by="dyad_name", column="best", add_up=True)
    assert read_counts(file, layout)["B"] == {"2001-01": 0, "2001-02": 9, "2001-03": 0}


def test_a_country_is_found_in_whichever_column_names_it(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("month,country,isoab,country_id,deaths\n2001-01,Harrow,HRW,133.0,2\n", "utf-8")
    for name in ("Harrow", "HRW", "133"):
        assert list(read_counts(file, names=[name])) == [name]


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"when,value\n2001-01,3\n", "K202", "no column 'month'"),
        (b"year,value\n2001,3\n", "K202", "years, not months"),
        (b"month,value\n", "D009", "no rows"),
        (b"", "D009", "no rows"),
        (b"month,deaths,attacks\n2001-01,3,1\n", "K202", "2 columns that could be the counts"),
        (b"month,country,battles\n2001-01,Harrow,3\n", "K202", "where the counts stand"),
        (b"month,remark\n2001-01,none\n", "K202", "no column of counts"),
        (b"month,value\n2001-01,3\n2001-01,4\n", "D007", "stands in row 2 already"),
        (b"month,value\n2001-01,3\n9001-01,4\n", "D006", "9001-01' is still to come"),
        (b"month,value\n2001-01\n", "D004", "1 cells, the heading has 2"),
    ],
)
def test_a_file_that_is_none_is_refused(content: bytes, code: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    with pytest.raises((SuasionError, CaseError)) as caught:
        read_counts(file, until="2026-01")
    error = caught.value
    told = error.diagnostics[0] if isinstance(error, CaseError) else error
    assert isinstance(told, Diagnostic | SuasionError)
    assert (told.code, said in told.message) == (code, True), told.message
    assert told.fix


def test_a_column_or_country_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    file = tidy(tmp_path / "a.csv", record(), "month,deaths,country", "Harrow")
    with pytest.raises(SuasionError, match="no country 'Harow'") as caught:
        read_counts(file, names=["Harow"])
    assert "Harrow" in caught.value.fix
    with pytest.raises(SuasionError, match="no column 'death'"):
        read_counts(file, Layout(column="death"))


def test_a_series_that_cannot_be_forecast_is_left_out_and_said_unless_it_is_asked_for(tmp_path: Path) -> None:
    told = record()
    file = tmp_path / "two.csv"
    rows = [
        f"{month},{n:.0f},{n:.0f}" if month > "1841-06" else f"{month},{n:.0f}," for month, n in told.items()
    ]
    file.write_text("\n".join(["month,Harrow,Weir", *rows]), "utf-8")
    found = suasion.backtest(file, origins=["1841-10"]).finding
    assert found.data["country"].values.tolist() == ["Harrow"]
    assert any("1 of 2 series are left out" in note and "Weir" in note for note in found.notes)
    with pytest.raises(SuasionError, match="Weir: only 4 unbroken months"):
        suasion.backtest(file, origins=["1841-10"], countries=["Weir", "Harrow"])


def test_many_series_are_told_of_together_and_the_greatest_apart(tmp_path: Path) -> None:
    names = [f"land_{i}" for i in range(12)]
    told = [{month: n * i for month, n in record(i).items()} for i in range(12)]  # the first has no raids
    rows = [",".join([month, *(f"{each[month]:.0f}" for each in told)]) for month in told[0]]
    file = tmp_path / "many.csv"
    file.write_text("\n".join([f"month,{','.join(names)}", *rows]), "utf-8")
    found = suasion.backtest(file, origins=["1840-10", "1841-10"], models=["recent", "conflictology"]).finding
    first = found.sentences[0].text
    assert first.startswith("All 12 series: ")
    crps = found.data["crps"].mean(("country", "origin", "ahead"))
    assert f"{float(crps.sel(model='recent')):,.1f}, the last 12 months" in first
    assert len(found.sentences) == 1 + 8
    assert not any(sentence.text.startswith("land_0") for sentence in found.sentences)
    assert len({row["country"] for row in found.table.records()}) == 12
    short = summary(found)
    assert len({row["country"] for row in short.table.records()}) == 8
    assert "8 series with the greatest counts of 12" in short.notes[0]


def test_where_nothing_ever_happens_nobody_is_better(tmp_path: Path) -> None:
    found = suasion.backtest(tidy(tmp_path / "a.csv", dict.fromkeys(record(), 0.0))).finding
    assert "the same" in found.sentences[0].text
    assert np.isnan(found.data["skill"]).all()


def test_origins_left_out_pass_over_those_after_a_gap(tmp_path: Path) -> None:
    told = {month: n for month, n in record().items() if month != "1839-05"}
    found = suasion.backtest(tidy(tmp_path / "a.csv", told), tidy(tmp_path / "b.csv", record())).finding
    assert found.data["origin"].values.tolist() == ["1837-10", "1838-10", "1840-10", "1841-10", "1842-10"]


def test_a_case_is_scored_by_one_series(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "two.csv"
    rows = [f"{month},{n:.0f},{n:.0f}" for month, n in record().items()]
    file.write_text("\n".join(["month,Harrow,Weir", *rows]), "utf-8")
    assert main(["backtest", "harrow", "--series", str(file), "--ahead", "1-6"]) == MISTAKE
    assert "--country: Harrow, Weir" in capsys.readouterr().err


def test_a_rate_without_a_case_is_refused(raids: Path, capsys: Captured) -> None:
    assert main(["backtest", "--series", str(raids), "--rate", "raids"]) == MISTAKE
    assert "belongs to a case" in capsys.readouterr().err


def test_a_series_and_a_truth_that_name_a_country_otherwise_are_paired_by_hand(tmp_path: Path) -> None:
    series = tidy(tmp_path / "s.csv", record(), "month,outcome,country", "Harrow")
    truth = tidy(tmp_path / "t.csv", record(), "month,outcome,isoab", "HRW")
    with pytest.raises(SuasionError, match="no series stands in both") as caught:
        suasion.backtest(series, truth, origins=["1841-10"])
    assert "Harrow=HRW" in caught.value.fix
    found = suasion.backtest(series, truth, origins=["1841-10"], countries=["Harrow=HRW"]).finding
    assert found.data["country"].values.tolist() == ["Harrow"]


def test_models_are_shown_nothing_after_the_origin() -> None:
    seen: list[str] = []

    def spy(known: Past, ahead: object) -> np.ndarray:
        seen.append(known.last)
        return np.zeros((12, 1))

    told = {"": record()}
    asked = learn.design(["1839-10", "1841-10"])
    learn.backtest(told, told, asked, {"spy": learn.Model("spy", spy)})
    assert seen == ["1839-10", "1841-10"]


def test_what_happens_later_changes_scores_but_no_forecast() -> None:
    told = record()
    other = {month: n + 500 if month > "1841-10" else n for month, n in told.items()}
    asked = learn.design(["1841-10"])
    one, two = (learn.backtest({"": told}, {"": truth}, asked, USUAL) for truth in (told, other))
    np.testing.assert_array_equal(one["quantile_value"], two["quantile_value"])
    assert (two["crps"] > one["crps"]).all()


def test_scores_stand_at_their_months() -> None:
    told = record()
    data = learn.backtest({"": told}, {"": told}, learn.design(["1841-10", "1840-10"], "3-6"), USUAL)
    assert data["origin"].values.tolist() == ["1840-10", "1841-10"]
    pool = np.array([told[after("1841-10", -i)] for i in range(12)])
    for ahead in (3, 4, 5, 6):
        fact = told[after("1841-10", ahead)]
        one = data.sel(country="", origin="1841-10", ahead=ahead)
        assert float(one["actual"]) == fact
        assert float(one["crps"].sel(model="conflictology")) == pytest.approx(
            float(scores.crps(pool, np.array(fact)))
        )
        last = told["1841-10"]
        assert float(one["crps"].sel(model="no_change")) == pytest.approx(abs(last - fact))


def test_skill_of_the_reference_is_nought_and_a_seer_has_all_of_it() -> None:
    told = record()
    future = iter([np.array([told[after(f"{y}-10", a)] for a in range(3, 15)]) for y in range(1837, 1842)])
    models = {
        "conflictology": learn.MODELS["conflictology"],
        "seer": learn.Model("seer", lambda known, ahead: next(future)[:, None]),
    }
    asked = learn.design([f"{year}-10" for year in range(1837, 1842)])
    data = learn.backtest({"": told}, {"": told}, asked, models).isel(country=0)
    assert learn.skill(data, "conflictology")[0] == pytest.approx(0)
    assert learn.skill(data, "seer") == pytest.approx((1, 1, 1))


def test_origins_left_out_are_the_octobers_that_can_be_scored() -> None:
    told = record()  # 1836-01 to 1843-12
    assert learn.octobers(told, told) == tuple(f"{year}-10" for year in range(1837, 1843))
    late = {month: n for month, n in told.items() if month >= "1842-01"}
    assert learn.octobers(told, late) == ("1841-10", "1842-10")


def test_months_that_the_truth_lacks_are_refused_by_name_or_left_out(tmp_path: Path, raids: Path) -> None:
    short = tidy(tmp_path / "short.csv", {m: n for m, n in record().items() if m < "1843-04"})
    with pytest.raises(SuasionError, match="1843-04, 1843-05") as caught:
        suasion.backtest(raids, short, origins=["1842-10"])
    assert caught.value.code == "K203"
    found = suasion.backtest(raids, short, origins=["1842-10"], partial=True).finding
    assert {row["months"] for row in found.table.records()} == {3}
    assert any("9 months of these windows" in note for note in found.notes)


def test_spliced_a_series_takes_from_the_truth_what_was_known_by_the_origin_and_no_more(
    tmp_path: Path, raids: Path
) -> None:
    told = record()
    short = tidy(tmp_path / "short.csv", {m: n for m, n in told.items() if m < "1841-01"})
    far, near, full = (
        suasion.backtest(file, raids, origins=["1841-10"], splice=splice).finding.data
        for file, splice in ((short, False), (short, True), (raids, False))
    )
    assert (far["known_to"].item(), near["known_to"].item()) == ("1840-12", "1841-10")
    np.testing.assert_array_equal(near["crps"], full["crps"])
    assert not np.array_equal(far["crps"], full["crps"])


def test_a_truth_of_another_shape_serves_the_country_asked_for(tmp_path: Path, raids: Path) -> None:
    truth = tidy(tmp_path / "t.csv", record(), "month,outcome,country", "Harrow")
    found = suasion.backtest(raids, truth, countries=["Harrow"], origins=["1841-10"]).finding
    assert found.data["country"].values.tolist() == ["Harrow"]
    with pytest.raises(SuasionError) as caught:
        suasion.backtest(truth, tidy(tmp_path / "o.csv", record(), "month,outcome,country", "Marl"))
    assert caught.value.code == "K202"


def test_the_command_tells_table_figure_and_json(raids: Path, tmp_path: Path, capsys: Captured) -> None:
    picture = tmp_path / "fan.svg"
    words = ["backtest", "--series", str(raids), "--origins", "1840-10,1841-10"]
    assert main([*words, "--figure", str(picture)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "in 2 windows" in told
    assert "1841 1842" in told
    assert picture.read_text("utf-8").startswith("<svg")
    assert main([*words, "--ahead", "3", "--figure", str(picture)]) == 0
    assert "NaN" not in picture.read_text("utf-8")
    assert main([*words, "--detail", "--models", "recent,conflictology"]) == 0
    assert "all windows" in " ".join(capsys.readouterr().out.split())
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    rows = [row for row in found["rows"] if row["window"] == "all windows"]
    assert [row["name"] for row in rows] == [learn.MODELS[name].label for name in learn.USUAL]
    assert all(row["error"] == 0 and row["months"] == 24 for row in rows)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--origins", "October"], "no month to forecast from"),
        (["--ahead", "14-3"], "no range of months ahead"),
        (["--models", "recnt"], "did you mean 'recent'?"),
        (["--origins", "1836-05"], "unbroken months"),
        (["--where", "kind"], "COLUMN=VALUE"),
        (["--column", "valeu"], "did you mean 'value'?"),
        (["--ahead", "3-99"], "no range of months ahead"),
    ],
)
def test_a_users_mistake_gets_a_fix(raids: Path, words: list[str], said: str, capsys: Captured) -> None:
    assert main(["backtest", "--series", str(raids), *words]) == MISTAKE
    assert said in capsys.readouterr().err


def test_a_case_is_scored_where_an_origin_is_its_date(raids: Path, capsys: Captured) -> None:
    words = ["backtest", "harrow", "--series", str(raids), "--ahead", "1-6", "--futures", "320", "--json"]
    assert main([*words, "--origins", "1842-10,1843-06"]) == 0
    found = json.loads(capsys.readouterr().out)
    told = [(row["window"], row["months"]) for row in found["rows"] if row["name"].startswith("the case")]
    assert told == [("1843-07 to 1843-12", 6), ("all windows", 6)]
    case = next(row for row in found["rows"] if row["name"].startswith("the case"))
    assert 0 < case["error"] < case["crps"]
    assert main(words) == 0  # left out, its own dates that can be scored
    assert json.loads(capsys.readouterr().out)["data"]["coords"]["origin"]["data"] == ["1843-06"]
    assert main([*words, "--origins", "1842-10"]) == MISTAKE
    assert "1843-06, 1843-10" in capsys.readouterr().err
    assert main([*words, "--rate", "raid"]) == MISTAKE
    assert "did you mean 'raids'?" in capsys.readouterr().err


def test_a_message_about_the_truth_names_the_option_of_the_truth(tmp_path: Path) -> None:
    record, truth = tmp_path / "record.csv", tmp_path / "truth.csv"
    record.write_text("month,Harrow\n1843-01,1\n")
    truth.write_text("month,country,deaths,events\n1843-01,Harrow,1,1\n")
    with pytest.raises(SuasionError) as caught:
        Files(record, truth).read()
    assert "--truth-column" in caught.value.fix


@pytest.mark.parametrize("ahead", ["²-3", "1-²"])
def test_digits_of_another_kind_are_no_months(ahead: str) -> None:
    with pytest.raises(SuasionError) as caught:
        learn.design(["2001-10"], ahead)
    assert caught.value.code == "K205"


def test_a_series_that_the_truth_lacks_is_told_to_be_left_out(tmp_path: Path) -> None:
    record, truth = tmp_path / "record.csv", tmp_path / "truth.csv"
    months = [after("1841-01", each) for each in range(30)]
    record.write_text("month,Harrow,Weir\n" + "".join(f"{month},3,4\n" for month in months))
    truth.write_text("month,country,deaths\n" + "".join(f"{month},Harrow,2\n" for month in months))
    found = suasion.backtest(record, truth, origins=["1842-06"], ahead="1-3", models=["no_change"])
    assert found.finding.data.attrs["left_out"] == ["Weir"]
    assert any("1 of 2 series are left out" in note for note in found.finding.notes)


@pytest.mark.parametrize(
    ("countries", "truth"), [(("Harrow=Weir",), None), (("Harrow=Weir", "Harrow=Ford"), "truth.csv")]
)
def test_a_country_is_scored_by_what_was_asked_or_not_at_all(
    tmp_path: Path, countries: tuple[str, ...], truth: str | None
) -> None:
    record = tmp_path / "record.csv"
    record.write_text("month,Harrow,Weir,Ford\n1843-01,1,2,3\n")
    (tmp_path / "truth.csv").write_text(record.read_text())
    with pytest.raises(SuasionError) as caught:
        Files(record, tmp_path / truth if truth else None, countries).read()
    assert caught.value.code == "K205"
