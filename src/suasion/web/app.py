"""The workbench as one ASGI app: pages for readers, REST for programs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from suasion import __version__
from suasion.web import api, edit, fault, pages
from suasion.web.cases import Cases
from suasion.web.door import Bench
from suasion.web.guard import Guard
from suasion.web.settings import Settings


def create_app(cases: Sequence[str | Path] = (), settings: Settings | None = None) -> FastAPI:
    """An app that serves these cases, or all packaged ones. Raises SuasionError for one that is none."""
    settings = settings or Settings()
    app = FastAPI(
        title="suasion",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_life,
    )
    app.state.cases = Cases(cases)
    app.state.bench = Bench(app.state.cases, settings)
    fault.install(app)
    app.add_middleware(Guard, settings=settings)
    app.include_router(api.router)
    app.include_router(pages.router, include_in_schema=False)
    app.include_router(edit.router)
    app.mount("/static", StaticFiles(directory=str(files("suasion.web") / "static")), name="static")
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    """At the end, let the workers stop at the next step of what they have in hand."""
    yield
    app.state.bench.jobs.close()
