"""What an author of plugins imports: ``hookimpl``, and the value that each hook gives.

Layer: plugins. A plugin is a module or an object behind an entry point of the group ``xconda``::

    from xconda_core import plugins

    @plugins.hookimpl
    def xconda_subcommands():
        yield plugins.PluginSubcommand("hello", "say hello", action=lambda words: print("hello"))

Which hooks there are: :mod:`xconda_core.plugins.hookspecs`; how to write them: docs/plugins.md.
"""

from xconda_core.config.value_types import (
    BOOLEAN,
    COUNT,
    OPTIONAL_TEXT,
    SECONDS,
    TEXT,
    ValueType,
    choice,
)
from xconda_core.environment.formats.described import (
    DescribedEnvironment,
    ExplicitArchives,
    LockedEnvironment,
)
from xconda_core.environment.formats.exports import EnvironmentContents, ExportRules
from xconda_core.environment.health import Finding, PrefixSnapshot
from xconda_core.errors import XcondaError
from xconda_core.models.package_record import PackageRecord
from xconda_core.plugins.commands import (
    ObservedException,
    PluginErrorHint,
    PluginExceptionObserver,
    PluginPostCommand,
    PluginPreCommand,
    PluginReporterBackend,
    PluginSetting,
    PluginSubcommand,
    ProgressView,
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
    PrefixFiles,
    SectionWish,
    TransactionAction,
)
from xconda_core.plugins.hookspecs import GROUP, hookimpl
from xconda_core.plugins.network import PluginAuth, PluginRequestHeader
from xconda_core.plugins.solving import (
    PluginPostSolve,
    PluginPreSolve,
    PluginSolver,
    PluginVirtualPackage,
)
from xconda_core.transaction.plan import Plan

__all__ = [
    "BOOLEAN",
    "COUNT",
    "GROUP",
    "OPTIONAL_TEXT",
    "SECONDS",
    "TEXT",
    "DescribedEnvironment",
    "EnvironmentContents",
    "ExplicitArchives",
    "ExportRules",
    "Finding",
    "LockedEnvironment",
    "ObservedException",
    "PackageRecord",
    "Plan",
    "PluginAuth",
    "PluginEnvironmentExporter",
    "PluginEnvironmentSpecifier",
    "PluginErrorHint",
    "PluginExceptionObserver",
    "PluginHealthCheck",
    "PluginPackageExtractor",
    "PluginPostCommand",
    "PluginPostSolve",
    "PluginPostTransactionAction",
    "PluginPreCommand",
    "PluginPreSolve",
    "PluginPreTransactionAction",
    "PluginPrefixDataLoader",
    "PluginReporterBackend",
    "PluginRequestHeader",
    "PluginSectionInstaller",
    "PluginSetting",
    "PluginSolver",
    "PluginSubcommand",
    "PluginVirtualPackage",
    "PrefixFiles",
    "PrefixSnapshot",
    "ProgressView",
    "SectionWish",
    "TransactionAction",
    "ValueType",
    "XcondaError",
    "choice",
    "hookimpl",
]
