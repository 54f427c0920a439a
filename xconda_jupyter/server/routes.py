"""The resources under ``/xconda``, by path."""

from typing import Final

from xconda_jupyter.server.job_routes import ConfirmHandler, JobHandler, JobLogHandler, JobsHandler
from xconda_jupyter.server.kernel_routes import KernelsHandler, NotebookHandler
from xconda_jupyter.server.questions import (
    ChannelsHandler,
    CleanHandler,
    ConfigHandler,
    DiffHandler,
    DoctorHandler,
    EnvironmentsHandler,
    ExportHandler,
    HistoryHandler,
    InfoHandler,
    LockHandler,
    PackagesHandler,
    SearchHandler,
    TreeHandler,
    WhyHandler,
)

_JOB = r"/xconda/jobs/(?P<job>[0-9A-Za-z-]{1,64})"
ROUTES: Final = [
    (r"/xconda/environments", EnvironmentsHandler),
    (r"/xconda/packages", PackagesHandler),
    (r"/xconda/why", WhyHandler),
    (r"/xconda/tree", TreeHandler),
    (r"/xconda/search", SearchHandler),
    (r"/xconda/info", InfoHandler),
    (r"/xconda/config", ConfigHandler),
    (r"/xconda/channels", ChannelsHandler),
    (r"/xconda/history", HistoryHandler),
    (r"/xconda/diff", DiffHandler),
    (r"/xconda/doctor", DoctorHandler),
    (r"/xconda/clean", CleanHandler),
    (r"/xconda/export", ExportHandler),
    (r"/xconda/lock", LockHandler),
    (r"/xconda/kernels", KernelsHandler),
    (r"/xconda/notebook", NotebookHandler),
    (r"/xconda/jobs", JobsHandler),
    (_JOB, JobHandler),
    (_JOB + "/confirm", ConfirmHandler),
    (_JOB + "/log", JobLogHandler),
]
