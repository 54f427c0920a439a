"""The front door: what the command line, the worker and ``xconda_jupyter`` may use of the engine.

Layer: api. Everything here is a value or a function that takes and gives values.
"""

from collections.abc import Mapping
from pathlib import Path

from xconda_core import __version__
from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.config.environ import environment
from xconda_core.config.log import logging_into
from xconda_core.config.precedence import Configuration
from xconda_core.config.settings import Settings
from xconda_core.engine.answers import PackageTree, RevisionDifference, Why
from xconda_core.engine.channel_indexing import IndexedFolder, index_channel
from xconda_core.engine.cleaning import Cleanable, Cleaned, CleanRequest, clean, find_cleanable
from xconda_core.engine.configured import configuration
from xconda_core.engine.engine import Engine
from xconda_core.engine.environment_entry import EnvironmentEntry, environments
from xconda_core.engine.job import JobResult
from xconda_core.engine.job_folder import JobFolder
from xconda_core.engine.job_state import JobState
from xconda_core.engine.jobs_store import JobsStore, RecordedJob
from xconda_core.engine.kernel_specs import (
    AddedKernel,
    EnvironmentWithKernels,
    add_kernel,
    added_kernels,
    environments_with_kernels,
    remove_kernels,
    user_kernels_folder,
)
from xconda_core.engine.opening import new_target, open_engine, target
from xconda_core.engine.package_sources import (
    CachedPackages,
    ChannelPackages,
    InstalledPackages,
    query_all,
)
from xconda_core.engine.recorded_job import run_job
from xconda_core.engine.requests import ChangeRequest
from xconda_core.engine.solved_request import SolvedRequest, solve
from xconda_core.environment.activation import TIME_LIMIT
from xconda_core.environment.activation import run_environment as activated_environment
from xconda_core.environment.activation_names import rules_of
from xconda_core.environment.history import Revision
from xconda_core.environment.kernels import (
    EnvironmentKernel,
    environment_kernels,
    environment_python,
    kernel_name,
    notebook_kernel_spec,
    own_document,
    prefix_of_spec,
    python_kernel,
)
from xconda_core.environment.places import Target
from xconda_core.environment.prefix import read_existing_state
from xconda_core.errors import Json, XcondaError
from xconda_core.events import Event, Reporter, silent
from xconda_core.files.temporary import temporary_folder
from xconda_core.models.channel import Channel
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.models.version import Version
from xconda_core.transaction.plan import Operation, Plan
from xconda_core.transaction.result import TransactionResult
from xconda_core.transaction.unsettled import is_unsettled

__all__ = [
    "AddedKernel",
    "CachedPackages",
    "CancelToken",
    "Cancelled",
    "ChangeRequest",
    "Channel",
    "ChannelPackages",
    "CleanRequest",
    "Cleanable",
    "Cleaned",
    "Configuration",
    "Engine",
    "EnvironmentEntry",
    "EnvironmentKernel",
    "EnvironmentState",
    "EnvironmentWithKernels",
    "Event",
    "IndexedFolder",
    "InstalledPackages",
    "JobFolder",
    "JobResult",
    "JobState",
    "JobsStore",
    "Json",
    "MatchSpec",
    "Operation",
    "PackageRecord",
    "PackageTree",
    "Plan",
    "PrefixRecord",
    "RecordedJob",
    "Reporter",
    "Revision",
    "RevisionDifference",
    "Settings",
    "SolvedRequest",
    "Target",
    "TransactionResult",
    "Version",
    "Why",
    "XcondaError",
    "__version__",
    "add_kernel",
    "added_kernels",
    "clean",
    "configuration",
    "environment",
    "environment_kernels",
    "environment_python",
    "environments",
    "environments_with_kernels",
    "find_cleanable",
    "index_channel",
    "is_unsettled",
    "kernel_name",
    "logging_into",
    "new_target",
    "notebook_kernel_spec",
    "open_engine",
    "own_document",
    "prefix_of_spec",
    "python_kernel",
    "query_all",
    "read_existing_state",
    "remove_kernels",
    "run_environment",
    "run_job",
    "silent",
    "solve",
    "target",
    "temporary_folder",
    "user_kernels_folder",
]


def run_environment(
    prefix: Path, environ: Mapping[str, str], time_limit: float = TIME_LIMIT
) -> dict[str, str]:
    """Return every variable that a program in the activated ``prefix`` is to have.

    Args:
        prefix: The environment.
        environ: The variables of the process that starts the program.
        time_limit: Seconds that the environment's scripts may take together.

    Raises:
        XcondaError: the environment's own scripts or variables do not allow it.
    """
    settings = open_engine(prefix=prefix, environ=environ).settings
    return activated_environment(prefix, environ, rules_of(settings), time_limit=time_limit)
