"""Set up the machine once: JAX on the processor, one thread a tile, compiled programs kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from platformdirs import user_cache_dir

FLAGS = (
    # XLA's own threads cost more than they bring on arrays this small; tiles are shared out instead.
    "--xla_cpu_multi_thread_eigen=false",
    # The older emitters compile in two thirds of the time and run as fast.
    "--xla_cpu_use_fusion_emitters=false",
)


@cache
def start() -> None:
    """Set flags, load JAX and say where compiled programs are kept."""
    flags()
    import jax

    configure: Callable[[str, object], None] = jax.config.update
    if "JAX_COMPILATION_CACHE_DIR" not in os.environ:
        configure("jax_compilation_cache_dir", str(cache_folder()))
    configure("jax_persistent_cache_min_compile_time_secs", 0.0)
    configure("jax_persistent_cache_min_entry_size_bytes", 0)


def flags() -> None:
    """Choose flags before JAX is loaded. What the user has set in the environment stands."""
    given = os.environ.get("XLA_FLAGS", "")
    ours = [flag for flag in FLAGS if flag.partition("=")[0] not in given]
    os.environ["XLA_FLAGS"] = " ".join([given, *ours]).strip()
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    # The structure's index arrays go in as arguments: as constants they are copied into every kernel.
    os.environ.setdefault("JAX_USE_SIMPLIFIED_JAXPR_CONSTANTS", "1")


def cache_folder() -> Path:
    """Where compiled programs are kept between runs; SUASION_CACHE names another place."""
    return Path(os.environ.get("SUASION_CACHE", user_cache_dir("suasion"))) / "compiled"


def workers() -> int:
    """Tiles worked on at once: the processors that this process may use; SUASION_WORKERS overrides."""
    asked = os.environ.get("SUASION_WORKERS", "")
    if asked.isdigit() and int(asked):
        return int(asked)
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1
