"""Compiled programs kept in a folder: reading one saves tracing it as well as compiling it.

JAX's own cache is asked with a traced program, and tracing takes longer than reading what was compiled. Here
a program is named by what it is made of: the structure, the shape of a tile, this room's code, JAX, its flags
and the processor. Whatever is wrong with a file, or with keeping one, costs no more than compiling again.
A file is code that will be run, so the folder must be one that only its user can write to, as JAX's own.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4

import jax
import numpy as np
from jax.experimental import serialize_executable
from jaxlib import xla_client

Program = Callable[..., Any]
"""A compiled program."""
MOST = 64
"""Programs kept; beyond these the ones that were longest not used go."""


def name(*what: object) -> str:
    """The name of a program made of these things by this code, for this processor."""
    return blake2b(repr((what, _here())).encode(), digest_size=16).hexdigest()


def load(called: str) -> Program | None:
    """The program of a name; None when there is none that can be read.

    What lacks the code of its kernels is only found out by running it, so try what has been read.
    """
    with suppress(Exception):
        path = _folder() / called
        program = _read(path.read_bytes())
        os.utime(path)
        return program
    return None


def keep(called: str, program: Program) -> None:
    """Keep a compiled program under a name, for the processes to come."""
    with suppress(Exception):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        # Written aside and then put in place: who reads meanwhile finds a whole file or none.
        aside = folder / f"{called}.{os.getpid()}"
        aside.write_bytes(_written(program))
        aside.replace(folder / called)
        _forget(folder)


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
    devices, processor = jax.devices(), uuid4().int  # of an unknown processor nothing is found again
    with suppress(Exception):
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
