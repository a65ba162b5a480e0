"""A small queue: fair between clients, stoppable, and nothing that is done is lost.

A job is named by what it asks (the digest of case, question, options and version), so the same question
asked twice is answered once, and an answer kept on disk is found again after a restart. Two workers take
jobs from two lanes, so that a what-if never waits for a search that takes minutes; within a lane clients
take turns, whoever asked how many.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from contextlib import suppress

from suasion.web.fault import Refused, told
from suasion.web.jobs.answers import Answers
from suasion.web.jobs.job import LANES, Job, Lane, State, Stopped
from suasion.web.settings import Settings

MOST_REMEMBERED = 64
"""Finished jobs kept at hand; answers beyond them are read from the disk."""
MOST_LEFT = 3
"""Workers that may at once be on the way to the next step of a job that nobody waits for any more."""


class Jobs:
    """The queue and its workers."""

    def __init__(self, settings: Settings) -> None:
        """Make the queue; workers start with the first job."""
        self.settings = settings
        self._answers = Answers(settings.answers, settings.most_kept)
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._waiting: dict[Lane, OrderedDict[str, deque[Job]]] = {lane: OrderedDict() for lane in LANES}
        self._change = threading.Condition()
        self._workers: dict[Lane, threading.Thread] = {}
        self._left: list[threading.Thread] = []
        self._closed = False

    def ask(self, job: Job, client: str) -> Job:
        """Take a job on, or join the one that asks the same. Raises Refused where too many wait."""
        known = self.find(job.id)
        with self._change:
            known = self._jobs.get(job.id, known)
            if known and known.state in ("waiting", "running", "done"):
                known.clients.add(client)
                return known
            self._admit(client)
            job.clients.add(client)
            self._jobs[job.id] = job
            self._jobs.move_to_end(job.id)
            self._waiting[job.lane].setdefault(client, deque()).append(job)
            self._forget()
            self._start(job.lane)
            self._change.notify_all()
        return job

    def find(self, name: str) -> Job | None:
        """The job of that id, if there is one: at hand, or its answer on the disk."""
        with self._change:
            if name in self._jobs:
                return self._jobs[name]
        kept = self._answers.read(name)
        if kept is None:
            return None
        told_of = {key: kept[key] for key in ("id", "case", "ask", "options", "lane", "seconds")}
        job = Job(**told_of, state="done", answer=kept)
        job.ended.set_result(None)
        with self._change:
            self._jobs.setdefault(name, job)
            self._forget()
            return self._jobs[name]

    def get(self, name: str) -> Job:
        """The job of that id. Raises Refused."""
        found = self.find(name) if name.isalnum() else None
        if found is None:
            raise Refused(404, "K210", "there is no such job", "ask again: the same question is the same job")
        return found

    def stop(self, name: str, client: str) -> Job:
        """Leave a job; it is stopped once nobody waits for it. What is done stays."""
        job = self.get(name)
        with self._change:
            job.clients.discard(client)
            if not job.clients and job.state == "waiting":
                for line in self._waiting[job.lane].values():
                    with suppress(ValueError):
                        line.remove(job)
                self._end(job, "stopped")
            elif not job.clients and job.state == "running" and self._replace(job.lane):
                self._end(job, "stopped")
        return job

    def of(self, client: str) -> list[Job]:
        """Jobs of a client, the latest first."""
        with self._change:
            return [job for job in reversed(self._jobs.values()) if client in job.clients]

    def ahead(self, job: Job) -> int:
        """How many jobs of its lane wait or run besides it."""
        with self._change:
            return sum(
                each.lane == job.lane and each.state in ("waiting", "running") and each.asked < job.asked
                for each in self._jobs.values()
            )

    def close(self) -> None:
        """Stop taking jobs; the workers end at the next step of what they have in hand."""
        with self._change:
            self._closed = True
            for job in self._jobs.values():
                if job.state == "waiting":
                    self._end(job, "stopped")
            self._change.notify_all()
        until = time.monotonic() + self.settings.leave
        for worker in self._alive():
            worker.join(max(0.0, until - time.monotonic()))

    def busy(self) -> bool:
        """Whether a worker is still at something after the end, such as compiling, which nothing stops."""
        return self._closed and bool(self._alive())

    # Workers -------------------------------------------------------------------------------------------

    def _alive(self) -> list[threading.Thread]:
        return [worker for worker in (*self._workers.values(), *self._left) if worker.is_alive()]

    def _replace(self, lane: Lane) -> bool:
        """Leave a lane's worker to itself, so that the lane need not wait until it comes to its next step."""
        self._left = [worker for worker in self._left if worker.is_alive()]
        if len(self._left) >= MOST_LEFT:
            return False
        self._left.append(self._workers.pop(lane))
        self._start(lane)
        return True

    def _start(self, lane: Lane) -> None:
        if lane not in self._workers or not self._workers[lane].is_alive():
            name = f"suasion-{lane}"
            self._workers[lane] = threading.Thread(target=self._serve, args=(lane,), name=name, daemon=True)
            self._workers[lane].start()

    def _serve(self, lane: Lane) -> None:
        while (job := self._next(lane)) is not None:
            self._do(job)

    def _next(self, lane: Lane) -> Job | None:
        """The first job of the client whose turn it is; it then goes to the end of the line."""
        with self._change:
            # A worker that was left to itself has no lane any more.
            while not self._closed and self._workers.get(lane) is threading.current_thread():
                for client, line in list(self._waiting[lane].items()):
                    del self._waiting[lane][client]
                    if line:
                        job = line.popleft()
                        if line:
                            self._waiting[lane][client] = line
                        job.state = "running"
                        return job
                self._change.wait()
        return None

    def _do(self, job: Job) -> None:
        began, work = time.monotonic(), job.work
        if work is None:  # stopped before it began
            return

        def tell(done: int, total: int) -> None:
            job.done, job.total = done, total
            if not job.clients or self._closed:
                raise Stopped

        try:
            tell(0, 0)
            answer = work(tell)
            job.seconds = round(time.monotonic() - began, 3)
            job.answer = answer | {
                key: getattr(job, key) for key in ("id", "case", "ask", "options", "lane", "seconds")
            }
            self._answers.keep(job.answer)
            state: State = "done"
        except Stopped:
            state = "stopped"
        except Exception as error:
            job.status, job.fault = told(error)
            state = "failed"
        with self._change:
            if job.state == "running":
                self._end(job, state)

    def _end(self, job: Job, state: State) -> None:
        job.state, job.work = state, None
        if not job.ended.done():
            job.ended.set_result(None)

    # Who is let in, and who is let go ------------------------------------------------------------------

    def _admit(self, client: str) -> None:
        waiting = [job for job in self._jobs.values() if job.state in ("waiting", "running")]
        own = sum(client in job.clients for job in waiting)
        if len(waiting) >= self.settings.most_waiting or own >= self.settings.most_each:
            raise Refused(429, "K217", "too many jobs are waiting", "wait until some are done, or stop some")

    def _forget(self) -> None:
        """Let go of the oldest finished jobs; those done are on the disk."""
        ended = [job for job in self._jobs.values() if job.state in ("done", "failed", "stopped")]
        for job in ended[: max(0, len(ended) - MOST_REMEMBERED)]:
            del self._jobs[job.id]
