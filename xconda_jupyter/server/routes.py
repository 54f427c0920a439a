"""The resources under ``/xconda``, by path."""

from typing import Final

from xconda_jupyter.server import questions
from xconda_jupyter.server.job_routes import ConfirmHandler, JobHandler, JobLogHandler, JobsHandler

_JOB = r"/xconda/jobs/(?P<job>[0-9A-Za-z-]{1,64})"
ROUTES: Final = [
    (r"/xconda/environments", questions.EnvironmentsHandler),
    (r"/xconda/packages", questions.PackagesHandler),
    (r"/xconda/why", questions.WhyHandler),
    (r"/xconda/tree", questions.TreeHandler),
    (r"/xconda/search", questions.SearchHandler),
    (r"/xconda/info", questions.InfoHandler),
    (r"/xconda/config", questions.ConfigHandler),
    (r"/xconda/channels", questions.ChannelsHandler),
    (r"/xconda/history", questions.HistoryHandler),
    (r"/xconda/diff", questions.DiffHandler),
    (r"/xconda/doctor", questions.DoctorHandler),
    (r"/xconda/clean", questions.CleanHandler),
    (r"/xconda/export", questions.ExportHandler),
    (r"/xconda/lock", questions.LockHandler),
    (r"/xconda/jobs", JobsHandler),
    (_JOB, JobHandler),
    (_JOB + "/confirm", ConfirmHandler),
    (_JOB + "/log", JobLogHandler),
]
