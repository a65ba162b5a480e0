"""How a run was made, as the command that makes it again."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from suasion.runs.manifest import Manifest


def command(manifest: Manifest) -> str:
    """The command line that repeats the run."""
    words = ["suasion", "run", manifest.case_id, "--as-of", manifest.scenario or manifest.as_of]
    words += ["--futures", str(manifest.draws * manifest.futures), "--months", str(manifest.months)]
    words += ["--seed", str(manifest.seed)]
    words += [word for lever in manifest.levers for word in ("--set", lever)]
    words += [word for event in manifest.events for word in ("--event", event)]
    words += ["--hold-phase", manifest.hold_phase] if manifest.hold_phase else []
    words += ["--hindsight"] if manifest.hindsight else []
    return shlex.join(words)
