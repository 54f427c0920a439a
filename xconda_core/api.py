"""The front door: what the command line, the worker and ``xconda_jupyter`` may use of the engine.

Layer: api. Everything here is a value or a function that takes and gives values.
"""

from collections.abc import Mapping
from pathlib import Path

from xconda_core import __version__
from xconda_core.cancel import Cancelled, CancelToken
from xconda_core.config.environ import environment, home_folder
from xconda_core.config.merge import load_configuration, settings_of
from xconda_core.config.precedence import Configuration
from xconda_core.config.settings import Settings
from xconda_core.engine.engine import Engine
from xconda_core.engine.facts import EnvironmentEntry
from xconda_core.engine.job import Confirm, JobResult
from xconda_core.engine.job import run_job as run_recorded_job
from xconda_core.engine.job_state import JobState
from xconda_core.engine.jobs_store import JobsFolderUnusable, JobsStore, Owner
from xconda_core.engine.requests import ChangeRequest
from xconda_core.environment.activation import run_environment as activated_environment
from xconda_core.environment.places import Target, find_root, new_prefix, target_prefix
from xconda_core.environment.prefix import read_existing_state
from xconda_core.errors import Json, XcondaError
from xconda_core.events import Event, Noticed, Reporter, silent
from xconda_core.files.temporary import temporary_folder
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.system.machine import current_subdir
from xconda_core.transaction.plan import Operation, Plan
from xconda_core.transaction.result import TransactionResult

__all__ = [
    "CancelToken",
    "Cancelled",
    "ChangeRequest",
    "Configuration",
    "Engine",
    "EnvironmentEntry",
    "EnvironmentState",
    "Event",
    "JobResult",
    "JobState",
    "JobsStore",
    "Json",
    "Operation",
    "PackageRecord",
    "Plan",
    "PrefixRecord",
    "Reporter",
    "Settings",
    "Target",
    "TransactionResult",
    "XcondaError",
    "__version__",
    "configuration",
    "environment",
    "new_target",
    "open_engine",
    "read_existing_state",
    "run_environment",
    "run_job",
    "silent",
    "target",
    "temporary_folder",
]


def open_engine(
    *,
    prefix: Path | None = None,
    overrides: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Engine:
    """Return an engine with the settings that hold for ``prefix``.

    Args:
        prefix: The environment that is meant; its own ``.condarc`` counts.
        overrides: Setting name to value, above every file and variable.
        environ: Environment variables; those of this process unless given.

    Raises:
        InvalidConfiguration: settings that cannot be read, all faults at once.
    """
    variables = environment() if environ is None else environ
    _, settings = configuration(prefix=prefix, overrides=overrides, environ=variables)
    configured = settings.root_prefix if "root_prefix" in settings.origins else None
    return Engine(settings, find_root(variables, configured), variables)


def configuration(
    *,
    prefix: Path | None = None,
    overrides: Mapping[str, object] | None = None,
    environ: Mapping[str, str],
    files: tuple[Path, ...] | None = None,
) -> tuple[Configuration, Settings]:
    """Return what is configured for ``prefix``: by name with its sources, and as it is obeyed.

    ``files`` are read instead of those of the search path.

    Raises:
        InvalidConfiguration: settings that cannot be read, all faults at once.
    """
    root = find_root(environ).prefix
    found = load_configuration(
        overrides or {}, environ, root_prefix=root, target_prefix=prefix, files=files
    )
    settings = settings_of(found, environ, home_folder(environ), root, current_subdir())
    return found, settings


def target(
    name: str | None, path: str | None, environ: Mapping[str, str], settings: Settings
) -> Target:
    """Return the existing environment that a command means: path, name, active one, base.

    Raises:
        EnvironmentNotFound: nothing is called ``name``.
    """
    return target_prefix(name, path, environ, settings, Path.cwd())


def new_target(
    name: str | None, path: str | None, environ: Mapping[str, str], settings: Settings
) -> Target:
    """Return where a new environment goes: path, or name in the first writable folder.

    Raises:
        UnusablePrefix: an environment there would not work.
    """
    return new_prefix(name, path, environ, settings, Path.cwd())


def run_environment(prefix: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return every variable that a program in the activated ``prefix`` is to have.

    Raises:
        XcondaError: the environment's own scripts or variables do not allow it.
    """
    settings = open_engine(prefix=prefix, environ=environ).settings
    return activated_environment(
        prefix,
        environ,
        root_prefix=settings.root_prefix,
        envs_dirs=settings.envs_dirs,
        env_prompt=settings.env_prompt,
    )


def run_job(
    engine: Engine,
    request: ChangeRequest,
    confirm: Confirm,
    report: Reporter = silent,
    cancel: CancelToken | None = None,
    *,
    kind: str = "cli",
) -> JobResult:
    """Plan ``request``, ask ``confirm``, carry it out; recorded in the jobs store meanwhile.

    Args:
        engine: What decides and carries out.
        request: What is asked.
        confirm: Is shown a plan that is not empty; False leaves all as it is.
        report: Is told every event.
        cancel: Stops the job.
        kind: Who runs it, for whoever looks at the store.

    Raises:
        XcondaError: it could not be done, or was cancelled; nothing was changed.
    """
    store = JobsStore(engine.settings.state_dir / "jobs")
    folder = None
    try:
        folder = store.create(request.to_json(), Owner.this_process(kind))
        store.prune()
    except JobsFolderUnusable as error:  # a record is for watchers; the work does not need it
        report(Noticed("warning", f"no record of this job is kept: {error.why}"))
    return run_recorded_job(engine, request, folder, report, cancel or CancelToken(), confirm)
