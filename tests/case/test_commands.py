"""The commands check, show and schema."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.case.conftest import BROKEN, Spoil

from suasion.cli.main import main


def test_check_tells_faults_and_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(BROKEN / "R003_unknown_variable")]) == 2
    assert "did you mean 'talks'?" in capsys.readouterr().out


def test_check_of_a_sound_case_exits_with_0(spoil: Spoil, capsys: pytest.CaptureFixture[str]) -> None:
    folder = spoil()
    assert main(["check", str(folder)]) == 0
    assert capsys.readouterr().out == f"{folder}: no faults\n"


def test_check_keeps_remarks_for_those_who_ask(capsys: pytest.CaptureFixture[str]) -> None:
    name = str(BROKEN / "T005_not_yet_known")
    assert main(["check", name]) == 0
    assert "info T005" not in capsys.readouterr().out
    assert main(["check", name, "--remarks"]) == 0
    assert "info T005" in capsys.readouterr().out


def test_check_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(BROKEN / "U002_index_above_one"), "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    (fault,) = told["diagnostics"]
    assert (fault["code"], fault["line"], fault["column"], fault["length"]) == ("U002", 15, 45, 2)


def test_show_tells_what_a_case_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show"]) == 0
    assert "harrow" in capsys.readouterr().out
    assert main(["show", "harrow", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["items"]["actors"] == 8
    assert main(["show", "harrow", "levers"]) == 0
    assert "valley_gates" in capsys.readouterr().out


def test_show_tells_an_item_with_its_evidence_and_neighbours(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "harrow", "valley_gates", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rests on"][0]["because"]["chronicle:P1"]
    assert any("sanctuary" in each for each in told["named by"])
    assert main(["show", "harrow", "valley_gates"]) == 0
    assert "winter in Harrow" in capsys.readouterr().out


def test_show_of_an_unknown_item_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "harrow", "valley_gate"]) == 2
    assert "did you mean 'valley_gates'?" in capsys.readouterr().err


def test_schema_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--out", str(tmp_path / "case.json")]) == 0
    assert "levers" in json.loads((tmp_path / "case.json").read_text())["properties"]
    assert main(["schema", "--out", str(tmp_path / "no" / "case.json")]) == 2


def test_reading_a_case_loads_nothing_heavy() -> None:
    code = "import sys\nfrom suasion.case.reader import read\nread('harrow')\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"jax", "xarray", "rich", "altair", "pandas", "numpy"} & set(done.stdout.split())
