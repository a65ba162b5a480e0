"""Nothing that users install with us is under the GPL or AGPL."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement

COPYLEFT = re.compile(r"\bA?GPL|(?<!Lesser )General Public License", re.IGNORECASE)


def _named(package: Distribution) -> str:
    """The licence as the package names it; long texts are cut to the headline."""
    about = package.metadata
    (expression, *_) = about.get_all("License-Expression") or [""]
    classifiers = [c for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    (text, *_) = about.get_all("License") or [""]
    return expression or "; ".join(classifiers) or text.strip().split("\n")[0]


def _needs(package: Distribution) -> list[str]:
    """What it requires here, without extras."""
    required = [Requirement(line) for line in package.requires or []]
    return [need.name for need in required if need.marker is None or need.marker.evaluate({"extra": ""})]


def _tree(name: str) -> dict[str, Distribution]:
    """Everything that comes with `name`, by package."""
    found: dict[str, Distribution] = {}
    waiting = [name]
    while waiting:
        each = waiting.pop()
        key = re.sub(r"[-_.]+", "-", each).lower()
        if key in found:
            continue
        found[key] = distribution(each)
        waiting.extend(_needs(found[key]))
    return found


def _only_copyleft(licence: str) -> bool:
    """Whether a licence leaves no choice but the GPL or AGPL."""
    return all(COPYLEFT.search(choice) for choice in licence.split(" OR "))


def test_every_runtime_dependency_names_a_licence_and_none_is_gpl_or_agpl() -> None:
    every = {**_tree("suasion"), **_tree("trafilatura"), **_tree("pypdf"), **_tree("numpyro")}
    licences = {name: _named(package) for name, package in every.items()}
    assert len(licences) > 20
    assert not [name for name, licence in licences.items() if not licence]
    assert not {name: licence for name, licence in licences.items() if _only_copyleft(licence)}


def test_the_rule_knows_the_gpl_when_it_sees_it() -> None:
    named = ["GPL-3.0-or-later", "AGPL-3.0-only", "OSI Approved :: GNU General Public License v3 (GPLv3)"]
    assert all(COPYLEFT.search(licence) for licence in named)
    assert not COPYLEFT.search("MIT AND BSD-3-Clause")
    assert _only_copyleft("GPL-2.0-only OR AGPL-3.0-only")
    assert not _only_copyleft("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later")


def test_packages_that_users_cannot_have_are_not_needed() -> None:
    for oracle in ("pygambit", "negmas", "platypus-opt", "rhodium", "prim", "ema-workbench"):
        try:
            distribution(oracle)
        except PackageNotFoundError:
            continue
        assert oracle not in _tree("suasion")
