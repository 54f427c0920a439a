"""Every hook that a plugin can implement: what it is for, and the value that it gives.

Layer: plugins. Names are conda's with ``xconda`` in front. A hook takes of the arguments listed
here those that it names; ``settings`` are the values of all plugins' settings, by name. Hooks are
called when what they give is first needed, once for each configuration; those of headers and hints
each time.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from pluggy import HookimplMarker, HookspecMarker

from xconda_core.errors import XcondaError
from xconda_core.plugins.commands import (
    PluginErrorHint,
    PluginExceptionObserver,
    PluginPostCommand,
    PluginPreCommand,
    PluginReporterBackend,
    PluginSetting,
    PluginSubcommand,
)
from xconda_core.plugins.environments import (
    PluginEnvironmentExporter,
    PluginEnvironmentSpecifier,
    PluginHealthCheck,
    PluginPackageExtractor,
    PluginPostTransactionAction,
    PluginPrefixDataLoader,
    PluginPreTransactionAction,
    PluginSectionInstaller,
)
from xconda_core.plugins.network import PluginAuth, PluginRequestHeader
from xconda_core.plugins.solving import (
    PluginPostSolve,
    PluginPreSolve,
    PluginSolver,
    PluginVirtualPackage,
)

GROUP: Final = "xconda"
"""The group of entry points that plugins stand in, and the project name for pluggy."""

hookimpl: Final = HookimplMarker(GROUP)
"""Marks a function of a plugin as the implementation of the hook of its name."""

_hookspec: Final = HookspecMarker(GROUP)

Settings = Mapping[str, object]


class Hooks(Protocol):
    """The hooks."""

    @_hookspec
    def xconda_settings(self) -> Iterable[PluginSetting]:
        """Declare settings; other hooks are handed their values as ``settings``.

        Example::

            @plugins.hookimpl
            def xconda_settings():
                yield plugins.PluginSetting("max_mib", "...", default=500, type=plugins.COUNT)
        """
        ...

    @_hookspec
    def xconda_solvers(self, settings: Settings) -> Iterable[PluginSolver]:
        """Offer solvers, chosen by the setting ``solver`` or by ``--solver``.

        Example::

            @plugins.hookimpl
            def xconda_solvers():
                yield plugins.PluginSolver("oldest", backend=my_solver)
        """
        ...

    @_hookspec
    def xconda_subcommands(self, settings: Settings) -> Iterable[PluginSubcommand]:
        """Add commands. Names and aliases of xconda's own commands are refused.

        Example::

            @plugins.hookimpl
            def xconda_subcommands():
                yield plugins.PluginSubcommand("hello", "say hello", action=say_hello)
        """
        ...

    @_hookspec
    def xconda_virtual_packages(self, settings: Settings) -> Iterable[PluginVirtualPackage]:
        """Tell facts of this machine that packages can depend on.

        Example::

            @plugins.hookimpl
            def xconda_virtual_packages():
                yield plugins.PluginVirtualPackage("licence_server", version="2")
        """
        ...

    @_hookspec
    def xconda_pre_commands(self, settings: Settings) -> Iterable[PluginPreCommand]:
        """Do something before commands; not before those that activate environments.

        Example::

            @plugins.hookimpl
            def xconda_pre_commands():
                yield plugins.PluginPreCommand("greet", print, run_for={"install", "env_list"})
        """
        ...

    @_hookspec
    def xconda_post_commands(self, settings: Settings) -> Iterable[PluginPostCommand]:
        """Do something after commands that succeeded; not after those that activate.

        Example::

            @plugins.hookimpl
            def xconda_post_commands():
                yield plugins.PluginPostCommand("thank", action=print, run_for={"install"})
        """
        ...

    @_hookspec
    def xconda_pre_solves(self, settings: Settings) -> Iterable[PluginPreSolve]:
        """Look at what is asked for before it is solved; ``XcondaError`` ends the command.

        Example::

            @plugins.hookimpl
            def xconda_pre_solves():
                yield plugins.PluginPreSolve("no-tensorflow", action=refuse_tensorflow)
        """
        ...

    @_hookspec
    def xconda_post_solves(self, settings: Settings) -> Iterable[PluginPostSolve]:
        """Look at what was chosen, before anybody is asked; ``XcondaError`` ends the command.

        Example::

            @plugins.hookimpl
            def xconda_post_solves():
                yield plugins.PluginPostSolve("licences", action=refuse_other_licences)
        """
        ...

    @_hookspec
    def xconda_pre_transaction_actions(
        self, settings: Settings
    ) -> Iterable[PluginPreTransactionAction]:
        """Do something before all else of a transaction.

        Example::

            @plugins.hookimpl
            def xconda_pre_transaction_actions():
                yield plugins.PluginPreTransactionAction("snapshot", action=TakeSnapshot)
        """
        ...

    @_hookspec
    def xconda_post_transaction_actions(
        self, settings: Settings
    ) -> Iterable[PluginPostTransactionAction]:
        """Do something after all else of a transaction.

        Example::

            @plugins.hookimpl
            def xconda_post_transaction_actions():
                yield plugins.PluginPostTransactionAction("register", action=RegisterKernels)
        """
        ...

    @_hookspec
    def xconda_auth_handlers(self, settings: Settings) -> Iterable[PluginAuth]:
        """Offer ways to log in, chosen by ``auth`` in ``channel_settings``.

        Example::

            @plugins.hookimpl
            def xconda_auth_handlers():
                yield plugins.PluginAuth("company", handler=CompanyLogin)
        """
        ...

    @_hookspec
    def xconda_reporter_backends(self, settings: Settings) -> Iterable[PluginReporterBackend]:
        """Offer ways to show progress, chosen by ``console`` or ``--console``.

        Example::

            @plugins.hookimpl
            def xconda_reporter_backends():
                yield plugins.PluginReporterBackend("dots", "a dot per package", renderer=Dots)
        """
        ...

    @_hookspec
    def xconda_health_checks(self, settings: Settings) -> Iterable[PluginHealthCheck]:
        """Add checks to ``xconda doctor``.

        Example::

            @plugins.hookimpl
            def xconda_health_checks():
                yield plugins.PluginHealthCheck("kernels", find_dead_kernels, remove_them)
        """
        ...

    @_hookspec
    def xconda_prefix_data_loaders(self, settings: Settings) -> Iterable[PluginPrefixDataLoader]:
        """Find packages in environments that conda did not install.

        Example::

            @plugins.hookimpl
            def xconda_prefix_data_loaders():
                yield plugins.PluginPrefixDataLoader("julia", loader=julia_packages)
        """
        ...

    @_hookspec
    def xconda_environment_specifiers(
        self, settings: Settings
    ) -> Iterable[PluginEnvironmentSpecifier]:
        """Read other kinds of files that describe environments.

        Example::

            @plugins.hookimpl
            def xconda_environment_specifiers():
                yield plugins.PluginEnvironmentSpecifier("toml", parse, ("env.toml",))
        """
        ...

    @_hookspec
    def xconda_environment_exporters(
        self, settings: Settings
    ) -> Iterable[PluginEnvironmentExporter]:
        """Write environments down in other kinds of files.

        Example::

            @plugins.hookimpl
            def xconda_environment_exporters():
                yield plugins.PluginEnvironmentExporter("toml", export=to_toml)
        """
        ...

    @_hookspec
    def xconda_section_installers(self, settings: Settings) -> Iterable[PluginSectionInstaller]:
        """Install what other sections than ``pip`` of ``environment.yml`` list.

        Example::

            @plugins.hookimpl
            def xconda_section_installers():
                yield plugins.PluginSectionInstaller("julia", install=julia_packages)
        """
        ...

    @_hookspec
    def xconda_package_extractors(self, settings: Settings) -> Iterable[PluginPackageExtractor]:
        """Unpack other kinds of archives.

        Example::

            @plugins.hookimpl
            def xconda_package_extractors():
                yield plugins.PluginPackageExtractor("whl", extensions=(".whl",), extract=unzip)
        """
        ...

    @_hookspec
    def xconda_exception_observers(self, settings: Settings) -> Iterable[PluginExceptionObserver]:
        """Be told of failures, without a say in them.

        Example::

            @plugins.hookimpl
            def xconda_exception_observers():
                yield plugins.PluginExceptionObserver("count", count, watch_for={"OSError"})
        """
        ...

    @_hookspec
    def xconda_session_headers(
        self, host: str, settings: Settings
    ) -> Iterable[PluginRequestHeader]:
        """Add headers to every request to ``host``; asked once for each host.

        Example::

            @plugins.hookimpl
            def xconda_session_headers(host):
                if host == "conda.example.com":
                    yield plugins.PluginRequestHeader("X-Team", "geology")
        """
        ...

    @_hookspec
    def xconda_request_headers(
        self, host: str, path: str, settings: Settings
    ) -> Iterable[PluginRequestHeader]:
        """Add headers to the request for ``path`` at ``host``; asked for each request.

        Called from several threads.

        Example::

            @plugins.hookimpl
            def xconda_request_headers(host, path):
                if path.endswith("repodata.json"):
                    yield plugins.PluginRequestHeader("X-Reason", "index")
        """
        ...

    @_hookspec
    def xconda_error_hints(
        self, error: XcondaError, settings: Settings
    ) -> Iterable[PluginErrorHint]:
        """Add sentences that help with ``error``.

        Example::

            @plugins.hookimpl
            def xconda_error_hints(error):
                if error.code == "network-failed":
                    yield plugins.PluginErrorHint("Is the VPN up?", "vpn_down")
        """
        ...
