"""Compiled programs kept in a folder: reading one saves tracing it as well as compiling it.

JAX's own cache is asked with a traced program, and tracing takes longer than reading what was compiled. Here
a program is named by what it is made of: the structure, the shape of a tile, this room's code, JAX, its flags
and the processor. Whatever is wrong with a file, or with keeping one, costs no more than compiling again.
A file is code that will be run, so the folder must be one that only its user can write to, as JAX's own.
"""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jax
import numpy as np
from jax.experimental import serialize_executable
from jaxlib import xla_client

Program = Callable[..., Any]
"""A compiled program."""
MOST = 64
"""Programs kept; beyond these the ones that were longest not used go."""


HIT = "/jax/compilation_cache/cache_hits"
"""What JAX calls it when a program was in its own cache."""


def compiled(lowered: Any, *options: object) -> tuple[Program, bool]:
    """A traced program compiled, and whether it may be kept.

    One that JAX found in its own cache may not: XLA writes what it has read without the code of its kernels.
    """
    here, found = threading.get_ident(), []

    def note(event: str, **_: object) -> None:
        if event == HIT and threading.get_ident() == here:
            found.append(event)

    jax.monitoring.register_event_listener(note)
    try:
        return lowered.compile(*options), not found
    finally:
        jax.monitoring.unregister_event_listener(note)


def load(*what: object) -> Program | None:
    """The program made of these things; None when there is none that works."""
    with suppress(Exception):
        path = _folder() / _name(what)
        program = _read(path.read_bytes())
        os.utime(path)
        return program
    return None


def keep(program: Program, *what: object) -> None:
    """Keep a compiled program made of these things, for the processes to come."""
    with suppress(Exception):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / _name(what)
        # Written aside and then put in place: who reads meanwhile finds a whole file or none.
        aside = path.with_suffix(f".{os.getpid()}")
        aside.write_bytes(_written(program))
        aside.replace(path)
        _forget(folder)


def _name(what: tuple[object, ...]) -> str:
    return blake2b(repr((what, _here())).encode(), digest_size=16).hexdigest()


def _folder() -> Path:
    """Where programs are kept: beside JAX's own. Raises FileNotFoundError where that keeps none."""
    config: Any = jax.config
    if not (config.jax_compilation_cache_dir and config.jax_enable_compilation_cache):
        raise FileNotFoundError
    return Path(config.jax_compilation_cache_dir) / "programs"


def _forget(folder: Path) -> None:
    """Remove what was longest not used."""
    for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)[:-MOST]:
        path.unlink(missing_ok=True)


@cache
def _here() -> tuple[object, ...]:
    """What else a compiled program depends on."""
    code = blake2b(digest_size=16)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        code.update(path.read_bytes())
    devices = jax.devices()
    processor = xla_client.get_topology_for_devices(devices).fingerprint()
    versions = version("jax"), version("jaxlib"), devices[0].client.platform_version
    return code.hexdigest(), versions, processor, os.environ.get("XLA_FLAGS")


def _written(program: Any) -> bytes:
    """A program as bytes: its code, its constants, and how its arguments and results nest."""
    arguments, within = jax.tree.flatten(program.args_info)
    constants = [np.asarray(each) for each in program._params.const_args]
    file = io.BytesIO()
    code = program._executable._unloaded_executable
    pickler = serialize_executable._JaxPjrtPickler(file)
    pickler.dump((code, constants, arguments, within, program.out_tree, program._no_kwargs))
    return file.getvalue()


def _read(written: bytes) -> Program:
    backend = jax.devices()[0].client
    unpickler: Any = serialize_executable._JaxPjrtUnpickler
    reader = unpickler(io.BytesIO(written), backend, backend.devices())
    code, constants, arguments, within, out, no_kwargs = reader.load()
    return jax.stages.Compiled(code.load(), constants, within.unflatten(arguments), out, no_kwargs=no_kwargs)
