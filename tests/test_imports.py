"""What is imported when: the command line answers at once."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"jax", "xarray", "zarr", "pandas", "altair", "networkx", "vl_convert"}


def loaded_by(program: str) -> set[str]:
    """Top-level modules that are loaded once `program` has run in a fresh interpreter."""
    code = f"import sys\n{program}\nprint('LOADED', *{{m.partition('.')[0] for m in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("LOADED")[2].split())


def test_importing_suasion_loads_nothing_heavy() -> None:
    assert not loaded_by("import suasion") & (HEAVY | {"pydantic", "yaml", "typer"})


def test_help_loads_nothing_heavy() -> None:
    assert not loaded_by("from suasion.cli.main import main; main(['--help'])") & (HEAVY | {"yaml"})


def test_reading_and_checking_a_case_never_loads_jax() -> None:
    assert not loaded_by("from suasion.cli.main import main; main(['check', 'harrow'])") & HEAVY


def test_the_verbs_of_the_api_are_reached_from_the_package() -> None:
    import suasion

    assert all(getattr(suasion, name) for name in suasion.__all__)
