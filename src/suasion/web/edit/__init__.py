"""The Edit page and its routes: the files of a case, their faults, their saving, their versions."""

from __future__ import annotations

from fastapi import APIRouter

from suasion.web.api.told import FAULTS
from suasion.web.edit import files, page

router = APIRouter(responses=FAULTS)
router.include_router(page.router, include_in_schema=False)
router.include_router(files.router)
