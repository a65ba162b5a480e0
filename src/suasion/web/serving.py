"""The workbench on an address of this machine."""

from __future__ import annotations

import os
import secrets
import socket
import sys
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread, active_count

import uvicorn

from suasion.base.errors import SuasionError
from suasion.web.app import create_app
from suasion.web.settings import LOCAL, Settings

EVERYWHERE = ("0.0.0.0", "::")
"""Addresses that stand for all of this machine's."""

LEAVE = 2.0
"""Seconds that jobs under way may take to their next step once the workbench is interrupted."""


def serve(
    cases: Sequence[str],
    host: str,
    port: int,
    names: Sequence[str],
    browser: bool,
    say: Callable[[str], None],
    registers: Path | None = None,
) -> None:
    """Serve cases until interrupted. Raises SuasionError where a case or the address cannot be had."""
    token = None if host in LOCAL else secrets.token_urlsafe(24)
    # Listening everywhere, it is reached under names that only the reader knows.
    hosts = (*LOCAL, host, *names, *((socket.gethostname(),) if token else ()))
    app = create_app(cases, Settings(hosts=hosts, token=token, registers=registers, leave=LEAVE))
    listening = _listen(host, port)
    shown = socket.gethostname() if host in EVERYWHERE else f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/" + (f"?token={token}" if token else "")
    config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=2)
    with suppress(KeyboardInterrupt):  # which is how it is ended
        say(f"the workbench is at {address}   (Ctrl-C ends it)")
        # What the first answer needs is loaded while the reader still reads.
        Thread(target=import_module, args=("suasion.runs.simulate",), daemon=True).start()
        if browser:
            webbrowser.open(address)
        uvicorn.Server(config).run(sockets=[listening])
    say("the workbench has ended; answers that were done are kept")
    if app.state.bench.jobs.busy():
        say("a job that was under way is not: ask it again")
    if active_count() > 1:
        # A thread in the compiler or in an import cannot be stopped, and a Python that ends around it aborts.
        sys.stdout.flush()
        os._exit(0)


def _listen(host: str, port: int) -> socket.socket:
    """A socket on the address. Raises SuasionError where there can be none."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        message = f"cannot listen on {host}:{port}: {error.strerror or error}"
        raise SuasionError("K216", message, "choose another --port or --host") from None
