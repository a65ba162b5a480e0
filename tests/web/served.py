"""A workbench on a port of this machine for as long as a test needs it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

PATIENCE = 240.0
"""Seconds that anything may take: a machine of the CI may be slow, and busy with other things besides."""


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The address of the app; at the end its workers have ended, for a Python that ends around one aborts."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, ws="none", log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the workbench did not begin"
        time.sleep(0.02)
    yield f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert not app.state.bench.jobs.busy()


def ended(client: TestClient, text: str, headers: dict[str, str]) -> str:
    """What a page shows of a job once it has ended, asking as the page does."""
    until = time.monotonic() + PATIENCE
    while following := re.search(r'hx-get="(/jobs/[^"]*)"', text):
        assert time.monotonic() < until, text
        time.sleep(0.05)
        text = client.get(following[1], headers=headers).text
    return text
