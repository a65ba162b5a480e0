"""What a layer changes is checked as closely as what it leaves as it is, under whichever layer it stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from suasion.case.reader import check_case

READING = "triumph__resentment: {strength: strong, modality: will}"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("triumph__resentment: {strength: huge, modality: will}", "U003"),
        ("triumph__resentment: {strength: strong, modality: 1.5}", "B005"),
        ("trust: {start: {value: 1.7, because: [chronicle:P9]}}", "U002"),
        ("trust: {start: {value: high, because: [chronicle:P99]}}", "C003"),
        ("trust: {start: {value: high, because: [chronicle:P9, chronicle:P9]}}", "C004"),
        ("triumph__resentment: {cause: nobody}", "R00"),
    ],
)
def test_a_fault_that_only_a_layer_has_is_told(change: str, code: str, harrow: Path, tmp_path: Path) -> None:
    folder = tmp_path / "harrow"
    shutil.copytree(harrow, folder)
    scenarios = folder / "scenarios.yaml"
    text = scenarios.read_text()
    assert READING in text
    scenarios.write_text(text.replace(READING, change))
    found = {each.code for each in check_case(folder)} - {each.code for each in check_case(harrow)}
    assert any(each.startswith(code) for each in found), found
