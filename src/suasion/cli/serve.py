"""`suasion serve`: the workbench in a browser."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

Cases = Annotated[
    list[str] | None, typer.Argument(help="Cases: folders or packaged names; all packaged ones when none.")
]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 for any that is free.")]
Host = Annotated[str, typer.Option("--host", help="Address to listen on; any but this machine asks a token.")]
Names = Annotated[
    list[str] | None, typer.Option("--name", help="A further name under which others reach it.")
]
Registers = Annotated[
    Path | None,
    typer.Option("--registers", help="Folder of the registers of forecasts; else each lies with its case."),
]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in a browser.")]


def serve(
    cases: Cases = None,
    port: Port = 8321,
    host: Host = "127.0.0.1",
    name: Names = None,
    registers: Registers = None,
    browser: Browser = True,
) -> None:
    """Open the workbench: the same findings as web pages and over REST.

    Only the cases named are served. On another address than this machine a token is asked for, which
    the address printed holds. Ctrl-C ends it; answers that are done are kept.
    """
    # By its name: rooms of one line do not know each other, and this is the command that opens that room.
    room = import_module("suasion.web.serving")
    room.serve(cases or (), host, port, name or (), browser, typer.echo, registers)
