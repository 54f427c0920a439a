"""The verbs of the engine: a request becomes a plan, a plan a transaction. Layer: engine.

Blocking and silent. One of the places where a first-party import may stand inside a function: each
verb's module is loaded when the verb is first used, so that a list never pays for the solver, nor a
dry run for the transaction.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.config.environ import home_folder
from xconda_core.config.settings import Settings
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.engine.requests import ChangeRequest, FileWish
from xconda_core.engine.settling import settle
from xconda_core.engine.wiring import Wiring
from xconda_core.environment.history import Revision
from xconda_core.environment.places import Root, Target, is_environment, not_there
from xconda_core.environment.prefix import read_existing_state, read_history
from xconda_core.environment.registry import known_environments
from xconda_core.errors import Json
from xconda_core.events import PhaseStarted, Reporter, silent
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.index import TurnableIndex
from xconda_core.transaction.plan import Plan
from xconda_core.transaction.result import TransactionResult
from xconda_core.values import replace


class Engine:
    """Looks into environments and channels, plans changes of environments and carries them out.

    Attributes:
        settings: The configuration it obeys.
        root: The base environment, and why it is where it is.
        environ: The process's environment variables.
        wiring: Its ports to the outside.
        plugins: What plugins add.
    """

    def __init__(
        self,
        settings: Settings,
        root: Root,
        environ: Mapping[str, str],
        wiring: Wiring | None = None,
        plugins: PluginSet | None = None,
    ) -> None:
        """Keep the values; nothing is read or opened yet.

        Args:
            settings: The configuration to obey.
            root: The base environment.
            environ: The process's environment variables.
            wiring: Ports to the outside; the real ones unless given.
            plugins: What plugins add; nothing unless given.
        """
        self.settings = settings
        self.root = root
        self.environ = environ
        self.plugins = plugins or PluginSet()
        self.wiring = wiring or Wiring(settings, environ, self.plugins)

    def require(self, prefix: Path, report: Reporter = silent) -> None:
        """Return if there is an environment at ``prefix``; what a crash left in it is settled.

        Raises:
            NotAnEnvironment: there is none.
        """
        settle(prefix, self.environ, report)
        if not is_environment(prefix):
            raise not_there(prefix, self.settings.root_prefix)

    def state(self, prefix: Path, report: Reporter = silent) -> EnvironmentState:
        """Return what the environment at ``prefix`` holds; what a crash left in it is settled.

        Raises:
            NotAnEnvironment, PrefixDamaged: it cannot be read.
        """
        self.require(prefix, report)
        return read_existing_state(prefix)

    def packages(
        self, prefix: Path, texts: Sequence[str] = (), report: Reporter = silent
    ) -> list[Json]:
        """Return what notebooks show of an environment's packages, in name order.

        Args:
            prefix: The environment; what a crash left in it is settled.
            texts: Only of packages with one of them in their names; none: of all.
            report: Told of what was settled.

        Raises:
            NotAnEnvironment, PrefixDamaged: it cannot be read.
        """
        from xconda_core.engine.listing import package_documents

        state = self.state(prefix, report)
        return package_documents(state, texts, self.wiring.plugins.found_besides(state))

    def history(self, prefix: Path, report: Reporter = silent) -> tuple[Revision, ...]:
        """Return the revisions of the environment at ``prefix``, the first one first.

        Raises:
            NotAnEnvironment, PrefixDamaged: it cannot be read.
        """
        self.require(prefix, report)
        return read_history(prefix)

    def plan(
        self, request: ChangeRequest, report: Reporter = silent, cancel: CancelToken | None = None
    ) -> Plan:
        """Decide what ``request`` would change. Changes nothing, but settles what a crash left.

        Raises:
            XcondaError: the request makes no sense there, or cannot be fulfilled.
            Cancelled: somebody asked to stop.
        """
        from xconda_core.engine import planning

        token = cancel or CancelToken()
        settle(Path(request.prefix), self.environ, report, token)
        decide: planning.Decide = planning.solved
        if request.verb in {"undo", "redo"}:
            from xconda_core.engine.undoing import earlier

            decide = earlier
        elif request.records:
            from xconda_core.engine.explicit import chosen

            decide = chosen
        elif request.exact:
            from xconda_core.engine.emptying import emptied

            decide = emptied
        elif request.may_name_a_tool:
            from xconda_core.engine.tool_requests import solved

            decide = solved
        if request.may_replace and Path(request.prefix).exists():
            from xconda_core.engine.replacing import onto

            decide = onto(decide, self.environ)
        return planning.plan(request, self.settings, self.wiring, decide, report, token)

    def execute(
        self, plan: Plan, report: Reporter = silent, cancel: CancelToken | None = None
    ) -> TransactionResult:
        """Carry ``plan`` out, wholly or not at all.

        Raises:
            PlanOutdated: the environment is not what it was when the plan was made.
            Cancelled: somebody asked to stop; the environment is unchanged.
            PipFailed, InstallerMissing: conda's packages are in place, those of pip or of another
                installer are not.
            XcondaError: it could not be done; the environment is unchanged.
        """
        from xconda_core.engine.execution import carry_out

        token = cancel or CancelToken()
        result = carry_out(plan, self.settings, self.environ, self.wiring, report, token)
        if result.only_fetched:
            return result
        if plan.clone_of is not None:
            from xconda_core.engine.cloning import copy_unowned

            copy_unowned(Path(plan.clone_of), Path(plan.prefix), report, token)
        if plan.pip is None and not plan.sections:
            return result
        from xconda_core.engine.pip_run import run_installers

        said = run_installers(plan, self.settings, self.environ, self.plugins, report, token)
        return replace(result, messages=(*result.messages, *said))

    def clone_request(
        self, source: Path, target: Target, command: str, report: Reporter = silent
    ) -> ChangeRequest:
        """Return the wish for an environment at ``target`` that is like the one at ``source``.

        Raises:
            NotAnEnvironment, PrefixDamaged: ``source`` cannot be read.
        """
        from xconda_core.engine.cloning import clone_request

        state = self.state(source, report)
        return clone_request(state, target, command, dry_run=self.settings.dry_run)

    def read_files(
        self,
        files: Sequence[str],
        words: Sequence[str] = (),
        *,
        format: str | None = None,  # noqa: A002 (the option's own name)
        cancel: CancelToken | None = None,
    ) -> FileWish:
        """Return what environment files, and ``words`` beside them, ask for together.

        Args:
            files: Paths and addresses, read in this order.
            words: Specs, and addresses or paths of archives.
            format: What all the files are, where their names and contents do not tell.
            cancel: Looked at while waiting for the network.

        Raises:
            XcondaError: one of them cannot be read, or they do not go together.
        """
        from xconda_core.engine.sources import read_wish

        token = cancel or CancelToken()
        return read_wish(
            files,
            words,
            format,
            self.settings,
            self.environ,
            self.wiring.fetcher(token),
            token,
            self.plugins,
        )

    def search_environments(self, text: str) -> Mapping[Path, tuple[PackageRecord, ...]]:
        """Return what in each environment of this user fits ``text``.

        Raises:
            InNoEnvironment: nothing fits.
            PrefixDamaged: an environment cannot be read.
        """
        from xconda_core.engine.search import search_environments

        return search_environments(self.known_prefixes(), text)

    def facts(self, prefix: Path | None = None) -> dict[str, Json]:
        """Return what ``info`` tells; ``prefix`` is the environment that a bare command means."""
        from xconda_core.engine.facts import facts

        channels = self.wiring.channels(self.settings.channels)
        subdir = self.settings.subdir
        return facts(
            settings=self.settings,
            root=self.root,
            target=prefix,
            environ=self.environ,
            channels={str(channel): channel.urls(subdir) for channel in channels},
            virtual_packages=self.wiring.virtual_packages(),
            environments=self.known_prefixes(),
        )

    def conda_facts(self) -> dict[str, Json]:
        """Return what ``conda info --json`` tells besides ``facts``, for programs that read it."""
        from xconda_core.engine.conda_facts import conda_facts

        return conda_facts(self.settings, self.environ)

    def index(
        self,
        channels: Sequence[str],
        override_channels: bool,
        report: Reporter,
        cancel: CancelToken | None,
        wanted: Sequence[str] = (),
        *,
        place: str = "",
        repodata_fn: str = "repodata.json",
        whole: bool = False,
    ) -> TurnableIndex:
        """Return what channels offer; see :meth:`Wiring.index`.

        Args:
            channels: Names and addresses, before those that are configured.
            override_channels: Those alone.
            report: Told of progress.
            cancel: Looked at while waiting.
            wanted: Package names that will be asked for first.
            place: The one channel to look in, instead.
            repodata_fn: Which list is read of each folder that has it.
            whole: All of it will be asked for.

        Raises:
            XcondaError: a channel cannot be read.
        """
        names = (place,) if place else self.wiring.chosen_channels(channels, override_channels)
        report(PhaseStarted("index"))
        token = cancel or CancelToken()
        return self.wiring.index(names, report, token, wanted, repodata_fn, whole=whole)

    def known_prefixes(self) -> tuple[Path, ...]:
        """Return the environments of this user: base, named ones, registered ones."""
        home = home_folder(self.environ)
        return known_environments(self.settings.root_prefix, self.settings.envs_dirs, home)
