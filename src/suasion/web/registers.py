"""Registers of forecasts as a workbench keeps them: one for each case, added to and never changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from platformdirs import user_data_dir

from suasion import __version__, api
from suasion.base.errors import SuasionError
from suasion.learn.records import Kept, Record, find, kept, records
from suasion.learn.register import Register
from suasion.web.asks.evidence import Questions
from suasion.web.cases import Cases, Served
from suasion.web.desk import Desk
from suasion.web.fault import Refused
from suasion.web.figures import shown
from suasion.web.jobs import Answer, Job, Progress

NAME = "register.jsonl"
"""What a register is called in the folder of its case; who reads a case passes it over."""
MOST_READ = 8
"""Registers kept at hand."""


@dataclass(frozen=True)
class Place:
    """Where the register of a case lies."""

    path: Path

    @property
    def begun(self) -> bool:
        """Whether anything was ever frozen there."""
        return self.path.is_file()

    @property
    def stamp(self) -> tuple[object, ...]:
        """What tells one state of the file from another."""
        try:
            found = self.path.stat()
        except OSError:
            return (str(self.path),)
        return (str(self.path), found.st_ino, found.st_size, found.st_mtime_ns)


class Registers:
    """The registers of the cases served."""

    def __init__(self, cases: Cases, folder: Path | None) -> None:
        """Keep them in a folder; without one each lies with its case."""
        self.cases, self.folder = cases, folder
        self._read: OrderedDict[tuple[object, ...], Kept] = OrderedDict()
        self._freezing: dict[tuple[str, str, Questions], Job] = {}
        self._lock = threading.Lock()

    def place(self, case: str) -> Place:
        """Where the register of a case lies. Raises Refused for a case that is not served.

        In the folder for registers; without one in the case's own folder, where that is the user's to
        write, and else among the user's data.
        """
        served = self.cases.served(case)
        if self.folder:
            return Place(self.folder / f"{served.name}.jsonl")
        if served.own and not Desk(served.where).read_only:
            return Place(Path(served.where) / NAME)
        data = Path(user_data_dir("suasion", appauthor=False))
        return Place(data / "registers" / f"{served.name}.jsonl")

    def read(self, case: str) -> Kept:
        """What stands in the register of a case, sound or not. Raises SuasionError where there is none."""
        place = self.place(case)
        if not place.begun:
            raise Refused(404, "K301", f"nothing of '{case}' was ever frozen here", "freeze its questions")
        with self._lock:
            if (stamp := place.stamp) not in self._read:
                self._read[stamp] = kept(place.path)
            self._read.move_to_end(stamp)
            while len(self._read) > MOST_READ:
                self._read.popitem(last=False)
            return self._read[stamp]

    def record(self, case: str, name: str) -> Record:
        """A record by the first letters of its seal. Raises Refused, and SuasionError for a changed one."""
        try:
            return self.read(case).record(name)
        except SuasionError as error:
            status = 404 if error.code == "K300" else 400
            raise Refused(status, error.code, error.message, error.fix) from None

    def freezing(self, case: str, asked: Questions) -> Job:
        """The job of asking a case its questions and adding the answers to its register.

        Unlike a question it is another job each time, save while it waits or runs: two clicks freeze once.
        """
        found, place = self.cases.found(case, asked.as_of), self.place(case)
        self.cases.case(case, asked.as_of)  # faults of the case are told at once
        asking = (str(place.path), found.digest, asked)
        with self._lock:
            job = self._freezing.get(asking)
            if job is None or job.state not in ("waiting", "running"):
                work = partial(self._freeze, self.cases.served(case), place.path, asked, found.digest)
                options = asked.model_dump(mode="json", exclude_defaults=True)
                job = Job(uuid4().hex, case, "freeze", options, "long", work)
                self._freezing = {asking: job} | {
                    key: each for key, each in self._freezing.items() if each.state in ("waiting", "running")
                }
            return job

    def _freeze(
        self, served: Served, path: Path, asked: Questions, digest: str, progress: Progress
    ) -> Answer:
        if path.is_file():
            _ = self.read(served.name).register  # a changed one is refused before minutes are spent
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            fix = "name another folder: `suasion serve --registers FOLDER`"
            raise SuasionError("F001", f"cannot write {path.parent}: {error.strerror}", fix) from None
        made = api.freeze_questions(served.where, path, progress=progress, **asked.model_dump())
        record = records(made.lines, len(made.lines))[-1]
        return {
            "question": "What was frozen?",
            "as_of": " and ".join(record.every("as_of")),
            "case_digest": digest,
            "version": __version__,
            "findings": {"record": shown(find(record))},
            "record": record.id,
        }


def scored(register: Register, topic: str | None = None) -> dict[str, Any]:
    """How good the forecasts of a register were, and where each question stands."""
    from suasion.learn import scoring

    found = {"scores": scoring.find(register, topic), "standings": scoring.each(register, topic)}
    return {name: shown(finding) for name, finding in found.items()}
