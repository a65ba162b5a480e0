"""The commands as a typer app, of which only the one asked for is loaded."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated

import typer

from suasion.cli.main import COMMANDS

HELP = """Turn a policy brief into a model that can be run, questioned and proved wrong.

To begin: `suasion show harrow` (a small fictional world), then `suasion run harrow`.
"""
PANELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Cases: written, checked and tied to their sources": (
            "check",
            "show",
            "sources",
            "coverage",
            "schema",
        ),
        "Runs: what happens next": ("run", "outcomes", "leverage", "report", "serve"),
        "Why, and what if": ("explain", "compare", "structure", "claims", "flips", "disagreement"),
        "What is not known": ("sensitivity", "discovery"),
        "What to do": ("policy", "equilibrium"),
        "Forecasts and records": ("questions", "update", "backtest", "fit", "data"),
    }
)
"""The commands by what they are for, as help shows them."""


def build(wanted: str | None) -> typer.Typer:
    """The app with the command `wanted` loaded and all others as a line of help.

    `*` loads every command, as shell completion needs.
    """
    app = typer.Typer(name="suasion", help=HELP, no_args_is_help=True, pretty_exceptions_enable=False)
    app.callback()(_top)
    for panel, names in PANELS.items():
        for name in names:
            function = _load(name) if wanted in (name, "*") else _unloaded
            app.command(name, short_help=COMMANDS[name], rich_help_panel=panel)(function)
    return app


def _load(name: str) -> Callable[..., object]:
    """The function behind a command."""
    module = importlib.import_module(f"suasion.cli.{name}")
    function: Callable[..., object] = getattr(module, name)
    return function


def _unloaded() -> None:
    """Stand in for a command that was not asked for."""


def _version(wanted: bool) -> None:
    if wanted:
        from suasion import __version__

        typer.echo(f"suasion {__version__}")
        raise typer.Exit


def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an unexpected error arose.")] = False,
) -> None:
    """Take the options that stand before a command."""
