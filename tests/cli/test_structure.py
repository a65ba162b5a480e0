"""`suasion structure` end to end on the fictional world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from suasion.cli.main import MISTAKE, main

Captured = pytest.CaptureFixture[str]
SMALL = ("--draws", "64")


def test_structure_is_told(capsys: Captured) -> None:
    assert main(["structure", "harrow", *SMALL]) == 0
    told = capsys.readouterr().out
    for title in ("feedback loops", "What drives", "Balance of power", "Who stands", "Who holds whom"):
        assert title in told


def test_only_what_is_asked_for_is_printed_for_machines(capsys: Captured) -> None:
    assert main(["structure", "harrow", *SMALL, "--show", "mactor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["balance", "convergence"]
    assert found["balance"]["rows"]


def test_every_picture_is_written(tmp_path: Path, capsys: Captured) -> None:
    assert main(["structure", "harrow", *SMALL, "--figures", str(tmp_path), "--format", "svg"]) == 0
    capsys.readouterr()
    names = {file.name for file in tmp_path.iterdir()}
    assert names == {f"{n}.svg" for n in ("loops", "micmac", "balance", "convergence", "network")}


def test_a_file_that_is_not_there_is_a_mistake(capsys: Captured, tmp_path: Path) -> None:
    asked = ["structure", "harrow", *SMALL, "--show", "loops", "--loops", str(tmp_path / "none.json")]
    assert main(asked) == MISTAKE
    assert "K100" in capsys.readouterr().err
    assert main(["structure", "harrow", "--show", "everything"]) == MISTAKE
    assert "K102" in capsys.readouterr().err
