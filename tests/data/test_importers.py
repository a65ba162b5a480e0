"""Importers: what is read is what the file says, and whatever is wrong is told at its row, all at once."""

from __future__ import annotations

import datetime as dt
import gzip
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suasion.base.errors import CaseError, SuasionError
from suasion.cli.main import main
from suasion.data import raw, store, tidy
from suasion.data.counts import Layout
from suasion.data.formats import FORMATS, read_counts, read_data
from suasion.data.months import after, month, number
from suasion.data.series import Imported, Origin, Series

GED = "id,relid,year,type_of_violence,dyad_name,country,date_start,date_end,best,high,low\n"
EVENTS = (
    GED + "1,R1,1843,1,League - Hill bands,Harrow,1843-01-05,1843-01-06,3,4,3\n"
    "2,R2,1843,1,League - Hill bands,Harrow,1843-03-01 00:00:00.000,1843-03-01,0,0,0\n"
    '3.0,R3,1843,2,"Ford, lower - Weir",Harrow,1843-03-31,1843-04-02,5,9,5\n'
)
ACLED = (
    "event_id_cnty;event_date;year;event_type;actor1;actor2;country;fatalities\n"
    "HAR1;05 January 1843;1843;Battles;League;Hill bands;Harrow;3\n"
    "HAR2;7 Feb 1843;1843;Riots;Millers;;Harrow;0\n"
)
SUPPORT = (
    "id,year,actor_id,actor_name,actor_nonstate,ext_id,ext_name\n"
    '1,1840,7,Hill bands,1,"20,31","Government of Weir,Ford militia"\n'
    "2,1841,7,Hill bands,1,20,Government of Weir\n"
    "3,1842,7,Hill bands,1,,\n"
    "4,1842,9,Government of Harrow,0,20,Government of Weir\n"
)
DYADS = (
    "dyad_id,conflict_id,side_a,side_b,side_b_id,side_b_2nd,year\n"
    "1,1,Government of Harrow,Hill bands,7,Government of Weir,1840\n"
    "1,1,Government of Harrow,Hill bands,7,,1841\n"
)
VIEWS = "month_id,country_id,month,country,outcome\n457,1,2018-01,Harrow,4\n458,1,2018-02,Harrow,0\n"


def read(folder: Path, content: str | bytes, name: str = "data.csv") -> Imported:
    """What is read of a file with this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_data(path)


def faults(folder: Path, content: str | bytes) -> list[tuple[str, int]]:
    """Code and row of each fault."""
    with pytest.raises(CaseError) as caught:
        read(folder, content)
    assert all(fault.fix for fault in caught.value.diagnostics)
    return [(fault.code, fault.place.line) for fault in caught.value.diagnostics]


def values(found: Imported, name: str) -> dict[str, float]:
    return dict(next(series for series in found.series if series.name == name).values)


def test_events_are_counted_by_the_month_they_begin_in_and_months_between_are_noughts(tmp_path: Path) -> None:
    found = read(tmp_path, EVENTS)
    assert found.form == "ucdp_events"
    assert [event.id for event in found.events] == ["1", "2", "3"]
    assert values(found, "all: deaths") == {"1843-01": 3, "1843-02": 0, "1843-03": 5}
    assert values(found, "all: events") == {"1843-01": 1, "1843-02": 0, "1843-03": 2}
    assert values(found, "Ford, lower - Weir: deaths") == {"1843-01": 0, "1843-02": 0, "1843-03": 5}
    assert found.series[0].origin.licence == "CC BY 4.0"


def test_an_acled_export_is_read_with_its_own_days_and_semicolons(tmp_path: Path) -> None:
    found = read(tmp_path, ACLED)
    assert [(e.first, e.group, e.deaths) for e in found.events] == [
        (dt.date(1843, 1, 5), "League - Hill bands", 3),
        (dt.date(1843, 2, 7), "Millers", 0),
    ]


def test_only_states_are_patrons_and_only_rebels_are_supported(tmp_path: Path) -> None:
    found = read(tmp_path, SUPPORT)
    assert [(each.year, each.patrons) for each in found.support] == [
        (1840, ("Government of Weir",)),
        (1841, ("Government of Weir",)),
        (1842, ()),
    ]


def test_the_other_formats_are_known_by_their_headings(tmp_path: Path) -> None:
    dyads = read(tmp_path, DYADS).dyads
    assert [each.helped for each in dyads] == [(False, True), (False, False)]
    assert values(read(tmp_path, VIEWS), "Harrow") == {"2018-01": 4, "2018-02": 0}
    wide = read(tmp_path, "month,Harrow,Weir\n1843-01,2,\n1843-02,0,1\n")
    assert values(wide, "Harrow") == {"1843-01": 2, "1843-02": 0}
    assert values(wide, "Weir") == {"1843-02": 1}, "an empty cell is unknown, not nought"


def test_every_fault_is_told_at_once_and_at_its_row(tmp_path: Path) -> None:
    content = (
        GED + "1,R1,1843,1,A,Harrow,1843-02-30,1843-03-01,3,4,3\n"  # no such day
        "2,R2,1843,1,A,Harrow,1843-03-01,1843-02-01,3,4,3\n"  # ends before it begins
        '3,R3,1843,1,A,Harrow,1843-03-01,1843-03-01,"1,200",1,1\n'  # grouped thousands
        "4,R4,1843,1,A,Harrow,1843-03-01,1843-03-01,-3,4,3\n"  # negative
        "5,R5,1843,1,A,Harrow,1843-03-01\n"  # too few cells
        "2,R6,1843,1,A,Harrow,1843-03-01,1843-03-01,3,4,3\n"  # id twice
        "7,R7,1850,1,A,Harrow,1843-03-01,1843-03-01,3,4,3\n"  # another year
    )
    expected = [("D006", 2), ("D006", 3), ("D005", 4), ("D005", 5), ("D004", 6), ("D007", 7), ("D006", 8)]
    assert sorted(faults(tmp_path, content)) == sorted(expected)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("series,month,valeu\nx,1843-01,1\n", "D008"),
        ("series,month,value\nx,1843-13,1\n", "D006"),
        ("series,month,value\nx,06/07/1843,1\n", "D006"),
        ("series,month,value\nx,1843-01,1\n", "D010"),
        ("series,month,value,source\nx,1843-01,nan,s\n", "D005"),
        ("series,month,value,source\nx,1843-01,,s\n", "D005"),
        ("series,month,value,source\nx,1843-01,1,s\nx,1843-01,2,s\n", "D007"),
        ("series,month,value,source,known_from\nx,1843-03,1,s,1843-01-01\n", "D006"),
        ("series,month,value,value\nx,1843-01,1,1\n", "D003"),
        ("series,month,value\n", "D009"),
        ('series,month,value,source\nx,1843-01,1,"s\n', "D004"),
        ("month_id,country_id,month,outcome\n457,1,2019-01,4\n", "D006"),
    ],
)
def test_each_mistake_has_its_code(tmp_path: Path, content: str, expected: str) -> None:
    with pytest.raises((CaseError, SuasionError)) as caught:
        read(tmp_path, content)
    error = caught.value
    told = [(f.code, f.fix) for f in error.diagnostics] if isinstance(error, CaseError) else []
    if isinstance(error, SuasionError):
        told = [(error.code, error.fix)]
    assert told[0][0] == expected
    assert told[0][1]


def test_days_that_could_be_two_days_are_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, EVENTS.replace("1843-01-05,", "05/01/1843,")) == [("D006", 2)]


def test_a_byte_order_mark_and_windows_letters_are_read_but_a_mixture_is_refused(tmp_path: Path) -> None:
    table = "series,month,value,source\nFörde,1843-01,1,s\nWeir,1843-01,2,s\n"
    assert read(tmp_path, b"\xef\xbb\xbf" + table.encode()).series[0].name == "Förde"
    old = read(tmp_path, table.encode("cp1252"))
    assert old.series[0].name == "Förde"
    assert [(r.code, r.severity) for r in old.remarks] == [("D002", "info")]
    both = table.encode("cp1252") + "Örtze,1843-01,3,s\nÄcker,1843-02,3,s\n".encode()
    assert faults(tmp_path, both) == [("D002", 2)]


def test_archives_are_read_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = read(tmp_path, EVENTS)
    assert read(tmp_path, gzip.compress(EVENTS.encode()), "data.csv.gz").events == plain.events
    with zipfile.ZipFile(tmp_path / "data.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ged.csv", EVENTS)
        archive.writestr("codebook.pdf", b"%PDF")
    assert read_data(tmp_path / "data.zip").events == plain.events
    monkeypatch.setattr(raw, "MOST_BYTES", 2_000_000)
    for name, content in (
        ("bomb.csv.gz", gzip.compress(b"0" * 3_000_000)),
        ("cut.csv.gz", b"\x1f\x8b\x08\0"),
    ):
        with pytest.raises(SuasionError, match="D001"):
            read(tmp_path, content, name)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ged.csv", b"0" * 3_000_000)
    with pytest.raises(SuasionError, match="unpacks to more"):
        read_data(tmp_path / "bomb.zip")


def test_of_very_many_faults_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    content = "series,month,value,source\n" + "x,1843-13,1,s\n" * 90
    with pytest.raises(CaseError) as caught:
        read(tmp_path, content)
    told = caught.value.diagnostics
    assert len(told) == 21
    assert told[-1].message == "70 more rows are faulty"


def test_numbers_without_a_source_are_read_but_not_kept(tmp_path: Path) -> None:
    found = read(tmp_path, "month,Harrow\n1843-01,2\n")
    assert [(remark.code, remark.severity) for remark in found.remarks] == [("D010", "info")]
    with pytest.raises(SuasionError, match="names no source") as caught:
        store.keep(found, "data", tmp_path / "kept.csv")
    assert caught.value.code == "D010"
    sourced = read_data(tmp_path / "data.csv", source="the toll book")
    assert read_data(store.keep(sourced, "data", tmp_path / "kept.csv")).series[0].values == {"1843-01": 2}


def test_what_is_not_known_yet_is_left_out() -> None:
    told = {"1843-01": dt.date(1843, 6, 1)}
    series = Series("x", {"1843-01": 1, "1843-02": 2, "1843-03": 3}, "raids", Origin("s"), told)
    assert set(series.until(dt.date(1843, 3, 30)).values) == {"1843-02"}
    assert set(series.until(dt.date(1843, 6, 1)).values) == {"1843-01", "1843-02", "1843-03"}


def test_a_tidy_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    origin = Origin("the toll book", "CC BY 4.0")
    series = (Series("raids", {"1843-01": 2.0, "1843-02": 0.5}, "raids", origin),)
    assert read(tmp_path, tidy.write(series)).series == series


@given(st.integers(0, 12 * 9999), st.integers(-500, 500))
def test_months_add_up(start: int, more: int) -> None:
    if 0 <= start + more < 120_000:
        assert number(after(month(start), more)) == start + more


@given(st.binary(max_size=300))
def test_no_file_ends_in_a_traceback(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for head in (b"", b"series,month,value,source\n", b"month;deaths;isoab\n2001-01;", GED.encode()):
            for reader in (read_data, read_counts):
                path = Path(folder) / "data.csv"
                path.write_bytes(head + content)
                try:
                    reader(path)
                except (CaseError, SuasionError) as error:
                    assert str(error)  # noqa: PT017


def test_the_command_keeps_lists_and_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "kept"))
    (tmp_path / "raids.csv").write_text(EVENTS, "utf-8")
    (tmp_path / "support.csv").write_text(SUPPORT, "utf-8")
    (tmp_path / "bad.csv").write_text(EVENTS.replace("1843-01-05,", "1843-13-05,"), "utf-8")
    assert main(["data", "import", str(tmp_path / "raids.csv")]) == 0
    assert "6 monthly series kept" in capsys.readouterr().out
    assert main(["data", "list"]) == 0
    assert "raids: 1843-01 to 1843-03" in capsys.readouterr().out
    assert main(["data", "rates", str(tmp_path / "support.csv"), "--figure", str(tmp_path / "r.svg")]) == 0
    assert "In 1 of 2 years of support the state stopped" in capsys.readouterr().out
    assert (tmp_path / "r.svg").stat().st_size > 1000
    assert main(["data", "import", str(tmp_path / "bad.csv")]) == 2
    assert "bad.csv:2:7" in capsys.readouterr().err
    assert main(["data", "import", str(tmp_path / "gone.csv")]) == 2
    assert main(["data", "formats"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(FORMATS)


def test_what_spreadsheets_and_archives_add_is_read_or_named(tmp_path: Path) -> None:
    whole = read(tmp_path, EVENTS).series
    semicolons = "sep=;\n" + ACLED
    assert read(tmp_path, semicolons).series == read(tmp_path, ACLED).series
    assert read(tmp_path, EVENTS.replace(GED, GED.upper())).series == whole
    assert read(tmp_path, gzip.compress(EVENTS.encode()), "no_suffix.csv").series == whole
    with zipfile.ZipFile(tmp_path / "mac.zip", "w") as archive:
        archive.writestr("folder/events.csv", EVENTS)
        archive.writestr("__MACOSX/folder/._events.csv", b"\0\5")
        archive.writestr("readme.txt", "what this is")
    assert read_data(tmp_path / "mac.zip").series == whole
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
    with pytest.raises(SuasionError, match="is a workbook"):
        read_data(tmp_path / "book.xlsx")


@pytest.mark.parametrize(
    "content",
    [EVENTS.encode("utf-16-le"), EVENTS.encode("utf-32"), EVENTS.replace("Harrow", "Har\0row").encode()],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SuasionError, match="is no text") as caught:
        read(tmp_path, content)
    assert caught.value.code == "D001"


def test_half_a_character_ends_in_no_traceback(tmp_path: Path) -> None:
    with pytest.raises((CaseError, SuasionError)):
        read(tmp_path, b"\xff\xfea")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("month,Harrow\n1843-01,1_0\n", ("D005", 2)),
        ("month,Harrow\n1843-01,1e300\n", ("D005", 2)),
        ('month;Harrow;Weir\n1843-01;1;"12,5"\n', ("D005", 2)),
        ('month,Harrow,Weir\n1843-01,1,"1,234"\n', ("D005", 2)),
        ("month,Harrow,Weir\n1843-01,1,12 %\n", ("D005", 2)),
        ("month;Harrow\n1843-01;7\n1843-02;1.234\n", ("D005", 3)),
        (EVENTS.replace("1843-01-06,3,4,3", "1843-01-06,2.000,4,3"), ("D005", 2)),
        (VIEWS.replace("458", "0"), ("D006", 3)),
        (VIEWS.replace("458,1,2018-02", "458,2,2018-02"), ("D007", 3)),
        ("month,Harrow\n1843-01,3\n2099-12,4\n", ("D006", 3)),
        (VIEWS.replace("458,1,2018-02", "1400,1,"), ("D006", 3)),
        (EVENTS.replace("1843-03-31,1843-04-02", "1843-03-31,2099-12-31"), ("D006", 4)),
        ("series,month,value,unit,source\na,1843-01,3,deaths,x\na,1843-02,3,raids,x\n", ("D005", 3)),
        (EVENTS.replace('"Ford, lower - Weir"', '"Ford\nlower"').replace("1843-01-06,3", "1843-01-06,x")
         + '4,R,"open\n', ("D004", 6)),
    ],
)  # fmt: skip
def test_numbers_months_and_rows_that_would_pass_in_silence_are_refused(
    tmp_path: Path, content: str, expected: tuple[str, int]
) -> None:
    assert expected in faults(tmp_path, content)


def test_an_intensity_that_there_is_not_is_refused(tmp_path: Path) -> None:
    head = "dyad_id,conflict_id,side_a,side_b,side_b_id,year,intensity_level\n"
    assert faults(tmp_path, head + "1,1,Harrow,Hill bands,7,1840,2\n1,1,Harrow,Hill bands,7,1841,7\n") == [
        ("D005", 3)
    ]


def test_of_very_many_groups_those_with_most_events_have_series(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("suasion.data.series.MOST_GROUPS", 1)
    found = read(tmp_path, EVENTS)
    assert {one.name.split(":")[0] for one in found.series} == {"all", "League - Hill bands"}
    assert [remark.code for remark in found.remarks] == ["K340"]
    assert sum(found.series[0].values.values()) == 8


def test_import_takes_the_options_that_its_messages_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("date,place,killed,hurt\n1843-01-05,Weir,3,1\n1843-01-06,Weir,2,0\n1843-03-01,Ford,1,0\n")
    out = tmp_path / "out.csv"
    told = ["--source", "x", "--out", str(out)]
    assert main(["data", "import", str(rows), *told, "--column", "killed", "--by", "place", "--add-up"]) == 0
    found = {one.name: dict(one.values) for one in read_data(out).series}
    assert found["Weir"] == {"1843-01": 5, "1843-02": 0, "1843-03": 0}
    assert main(["data", "import", str(rows), str(rows), *told]) == 2
    assert "K341" in capsys.readouterr().err


def test_rows_of_events_are_chosen_by_a_column_that_there_is(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(EVENTS)
    with pytest.raises(SuasionError, match="has no column 'region'"):
        read_counts(path, Layout(where=(("region", "Weir"),)))


def test_one_month_that_is_none_does_not_spoil_the_others(tmp_path: Path) -> None:
    rows = "year,month,deaths\n1843,1,5\n1843,13,5\n1843,,5\n"
    assert faults(tmp_path, rows) == [("D006", 3), ("D005", 4)]
