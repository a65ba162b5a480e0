"""`suasion serve`: the workbench in a browser."""

from __future__ import annotations

import secrets
import socket
from typing import Annotated

import typer

from suasion.base.errors import SuasionError

Cases = Annotated[
    list[str] | None, typer.Argument(help="Cases: folders or packaged names; all packaged ones when none.")
]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 for any that is free.")]
Host = Annotated[str, typer.Option("--host", help="Address to listen on; any but this machine asks a token.")]
Names = Annotated[
    list[str] | None, typer.Option("--name", help="A further name under which others reach it.")
]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in a browser.")]


def serve(
    cases: Cases = None,
    port: Port = 8321,
    host: Host = "127.0.0.1",
    name: Names = None,
    browser: Browser = True,
) -> None:
    """Open the workbench: the same findings as web pages and over REST.

    Only the cases named are served. On another address than this machine a token is asked for, which
    the address printed holds. Ctrl-C ends it; answers that are done are kept.
    """
    import uvicorn

    from suasion.web.app import create_app
    from suasion.web.settings import LOCAL, Settings

    token = None if host in LOCAL else secrets.token_urlsafe(24)
    # Listening everywhere, it is reached under names that only the reader knows.
    hosts = (*LOCAL, host, *(name or ()), *((socket.gethostname(),) if token else ()))
    app = create_app(cases or (), Settings(hosts=hosts, token=token))
    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/" + (f"?token={token}" if token else "")
    typer.echo(f"the workbench is at {address}   (Ctrl-C ends it)")
    if browser:
        import webbrowser

        webbrowser.open(address)
    config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=2)
    uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """A socket on the address. Raises SuasionError where there can be none."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        message = f"cannot listen on {host}:{port}: {error.strerror or error}"
        raise SuasionError("K216", message, "choose another --port or --host") from None
