"""Work that outlasts a request: jobs, a queue that is fair to all who ask, answers that are kept."""

from suasion.web.jobs.job import Answer, Job, Lane, Progress, State, Stopped, Work
from suasion.web.jobs.queue import Jobs

__all__ = ["Answer", "Job", "Jobs", "Lane", "Progress", "State", "Stopped", "Work"]
