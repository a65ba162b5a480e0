"""Reading: everything at once, at its place, under the layer asked for."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from tests.case.conftest import Spoil

from suasion.base.errors import CaseError
from suasion.case.files import packaged
from suasion.case.reader import check_case, read, read_case, read_diagnostics


def codes(folder: Path, scenario: str | None = None) -> list[str]:
    return [fault.code for fault in read_case(folder, scenario).diagnostics]


def test_all_faults_are_told_at_once(spoil: Spoil) -> None:
    folder = spoil(
        ('{on: talks, sign: "+", strength: slight}', '{on: talkss, sgn: "+", strength: high}'),
        ("modality: could, because: [chronicle:P2]", "modality: maybe"),
        ("settles: 4", "settles: 4 months"),
        ("hazard: 0.02", "hazard: 0"),
        ("actor: court, wants", "actor: curt, wants"),
        ("feast@6", "fast@6"),
    )
    found = set(codes(folder))
    assert {"S001", "R003", "S005", "C001", "S004", "B003", "R002", "R007"} <= found
    with pytest.raises(CaseError) as caught:
        read(folder)
    assert {fault.code for fault in caught.value.diagnostics} == found
    assert "did you mean 'talks'?" in str(caught.value)


def test_faults_stand_in_the_order_of_the_files_errors_first(spoil: Spoil) -> None:
    folder = spoil(
        ("hazard: 0.02", "hazard: 0"),
        ("settles: 4", "settles: 0"),
        ("[chronicle:P1]}", "[chronicle:P1, chronicle:P1]}"),
    )
    found = read_case(folder).diagnostics
    lines = [fault.place.line for fault in found if fault.severity == "error"]
    assert lines == sorted(lines)
    assert [fault.severity for fault in found] == ["error", "error", "warning"]


def test_a_fault_in_an_override_points_into_the_scenario(spoil: Spoil) -> None:
    layer = (
        "scenarios:\n  - id: bleak\n    name: Bleak\n    because: [chronicle:P1]\n    overrides:\n"
        "      trust: {start: {value: hihg, because: [chronicle:P1]}}\n      grain: {suply: low}\n"
    )
    folder = spoil(bleak=layer)
    assert codes(folder) == []
    faults = read_case(folder, "bleak").diagnostics
    assert {(fault.code, Path(fault.place.file).name, fault.place.line) for fault in faults} == {
        ("U003", "bleak.yaml", 6),
        ("S001", "bleak.yaml", 7),
    }
    assert {fault.code for fault in check_case(folder)} == {"U003", "S001"}


def test_overrides_replace_fields_and_leave_the_rest(spoil: Spoil) -> None:
    layer = (
        "scenarios:\n  - {id: warm, name: Warm, because: [chronicle:P1], "
        "overrides: {trust: {start: {value: high, because: [chronicle:P1]}}}}\n"
    )
    folder = spoil(warm=layer)
    assert read(folder, "warm").variables[0].start.value == "high"  # type: ignore[union-attr]
    assert read(folder, "warm").variables[0].settles == 4.0
    assert read(folder).variables[0].start.value == "med"  # type: ignore[union-attr]


def test_a_what_if_stands_on_the_default_layer(spoil: Spoil) -> None:
    found = read_case(spoil(), "threat")
    assert found.layers.scenarios == ("2020-01-01", "threat")
    assert (str(found.layers.as_of), found.layers.phase) == ("2020-01-01", "war")


def test_an_unknown_scenario_is_told_with_the_nearest(spoil: Spoil) -> None:
    case, faults = read_diagnostics(spoil(), "threats")
    assert case is None
    assert [(fault.code, fault.fix) for fault in faults] == [("R013", "did you mean 'threat'?")]


def test_items_not_yet_known_are_left_out_with_what_leans_on_them(spoil: Spoil) -> None:
    folder = spoil(
        (
            'effects: [{on: talks, sign: "+", strength: strong}]\n    because: [chronicle:P2]',
            "because: [letter:P1]",
        ),
        ("{to: peace, hazard: 0.02}", "{to: peace, hazard: 0.02, because: [letter:P1]}"),
    )
    found = read_case(folder)
    assert found.case is not None
    assert set(found.not_in_force) == {"talk", "come_and_talk", "war.arrows[1]"}
    assert found.case.demands == ()
    assert read(folder, hindsight=True).demands != ()
    assert len(read(folder, hindsight=True).levers) == 2


def test_what_is_assumed_is_in_force_at_any_date(spoil: Spoil) -> None:
    folder = spoil(
        (
            "modality: could, because: [chronicle:P2]",
            "modality: could, because: [letter:P1], basis: assumed, note: Why not.",
        )
    )
    assert read_case(folder).not_in_force == ()


def test_influences_without_an_id_are_named_by_cause_and_effect(spoil: Spoil) -> None:
    more = 'influences:\n  - {cause: trust, effect: talks, sign: "-", because: [chronicle:P1]}\n'
    ids = [each.id for each in read(spoil(more=more)).influences]
    assert ids == ["trust__talks", "talks__trust", "trust__talks_2"]


def test_places_and_digest(spoil: Spoil) -> None:
    folder = spoil()
    found = read_case(folder)
    assert found.places["trust"].line == 15
    assert found.places["trust"].file == f"{folder}/items.yaml"
    assert found.digest == read_case(folder).digest
    (folder / "items.yaml").write_text((folder / "items.yaml").read_text() + "\n# a remark\n")
    assert found.digest != read_case(folder).digest


def test_items_of_several_files_are_put_together_in_order_of_paths(spoil: Spoil) -> None:
    folder = spoil()
    (folder / "a").mkdir()
    (folder / "a" / "first.yaml").write_text("actors: [{id: monk, name: A monk, because: [chronicle:P1]}]")
    assert [actor.id for actor in read(folder).actors] == ["monk", "court", "league"]


def test_one_unreadable_file_makes_no_name_unknown(spoil: Spoil) -> None:
    assert codes(spoil(more="actors: [")) == ["Y002"]


def test_an_empty_folder_is_no_case(tmp_path: Path) -> None:
    assert codes(tmp_path) == ["S011"]


def test_a_case_survives_pickling(spoil: Spoil) -> None:
    case = read(spoil())
    assert pickle.loads(pickle.dumps(case)) == case


def test_case_error_survives_pickling(spoil: Spoil) -> None:
    with pytest.raises(CaseError) as caught:
        read(spoil(("settles: 4", "settles: 0")))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("name", packaged())
def test_packaged_cases_have_no_errors(name: str) -> None:
    assert [str(fault) for fault in check_case(name) if fault.severity == "error"] == []


@pytest.mark.parametrize("nonsense", ["", ".", "/", "..", "a b", "x" * 5000, "\0", "case.yaml", "../..", "~"])
def test_any_name_of_a_case_is_answered_with_a_fault(
    nonsense: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_case(nonsense).case is None
