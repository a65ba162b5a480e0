"""REST: the findings that the pages show, as JSON, CSV and pictures."""

from fastapi import APIRouter

from suasion.web.api import asks, cases, evidence, jobs, register
from suasion.web.api.told import FAULTS

__all__ = ["FAULTS", "router"]

router = APIRouter(prefix="/api", responses=FAULTS)
for part in (cases, evidence, jobs, register, asks):
    router.include_router(part.router)
