"""What plugins add to the command line: commands, what goes before and after, hints. Layer: cli.

Imported only where a plugin is installed.
"""

from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from typing import Final, cast

from xconda_core import __version__, plugins
from xconda_core.cli.command_table import CommandEntry, find_command, namespaces
from xconda_core.cli.console import Console
from xconda_core.cli.error_document import Hint
from xconda_core.cli.parser import CommandParser, ShowHelp
from xconda_core.engine.configured import configuration
from xconda_core.engine.plugin_set import Offer, PluginSet
from xconda_core.errors import XcondaError

Subcommand = Offer[plugins.PluginSubcommand]
_GROUP: Final = "From plugins"


def subcommands(installed: PluginSet) -> tuple[Subcommand, ...]:
    """Return the commands of plugins; one that would hide a command of xconda is refused."""
    kept = []
    for offer in installed.offers(plugins.PluginSubcommand):
        names = (offer.value.name, *offer.value.aliases)
        taken = next((name for name in names if find_command(name) or name in namespaces()), None)
        if taken is None:
            kept.append(offer)
        else:
            offer.refuse(f"has a command {taken}, which xconda has")
    return tuple(kept)


def entries(installed: PluginSet) -> tuple[CommandEntry, ...]:
    """Return the commands of plugins as lines of the help."""
    return tuple(
        CommandEntry(each.value.name, "", _GROUP, each.value.summary, f"xconda {each.value.name}")
        for each in subcommands(installed)
    )


def find_subcommand(installed: PluginSet, word: str) -> Subcommand | None:
    """Return the command of a plugin that ``word`` chooses."""
    found = (e for e in subcommands(installed) if word in {e.value.name, *e.value.aliases})
    return next(found, None)


def run_own(
    installed: PluginSet,
    words: Sequence[str],
    at: int,
    environ: Mapping[str, str],
    console: Console,
) -> int | None:
    """Run the command of a plugin that stands ``at`` there in ``words``; return its exit code.

    None where no plugin has such a command.

    Raises:
        InvalidConfiguration: the configuration cannot be read, that of plugins included.
        UsageError: the words do not fit.
        HelpAsked: ``--help`` is among them.
        PluginFailed: it broke.
        XcondaError: the plugin raised it on purpose.
    """
    offer = find_subcommand(installed, words[at]) if words[at:] else None
    if offer is None:
        return None
    configuration(environ=environ, definitions=installed.definitions)
    go_before(installed, offer.value.name)
    with console.lending_stdout(), redirect_stdout(console.main_stream):
        code = run_subcommand(offer, [*words[:at], *words[at + 1 :]], console.columns)
    if code == 0:
        go_after(installed, offer.value.name)
    return code


def run_subcommand(offer: Subcommand, words: Sequence[str], columns: int) -> int:
    """Run the command of a plugin with the ``words`` after its name; return its exit code.

    Raises:
        UsageError: the words do not fit.
        HelpAsked: ``--help`` is among them.
        PluginFailed: it broke.
        XcondaError: the plugin raised it on purpose.
    """
    value = offer.value
    given: Namespace | tuple[str, ...] = tuple(words)
    if value.configure_parser is not None:
        parser = CommandParser(f"xconda {value.name}", description=value.summary, columns=columns)
        parser.add_argument("-h", "--help", action=ShowHelp, help="show this and stop")
        offer.demand(value.configure_parser, parser)
        given = parser.parse(words)
    action = cast("Callable[[object], int | None]", value.action)
    try:
        return int(offer.demand(action, given) or 0)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)


def go_before(installed: PluginSet, command: str) -> None:
    """Let plugins do what they do before ``command``, spelled like ``env list``.

    Raises:
        XcondaError: a plugin raised it on purpose.
    """
    _go(installed.offers(plugins.PluginPreCommand), command)


def go_after(installed: PluginSet, command: str) -> None:
    """Let plugins do what they do after ``command``, which has succeeded.

    Raises:
        XcondaError: a plugin raised it on purpose.
    """
    _go(installed.offers(plugins.PluginPostCommand), command)


def _go(
    offers: Iterable[Offer[plugins.PluginPreCommand]] | Iterable[Offer[plugins.PluginPostCommand]],
    command: str,
) -> None:
    word = command.replace(" ", "_")
    for offer in offers:
        if word in offer.value.run_for:
            offer.call(offer.value.action, word)


def hints(installed: PluginSet, error: XcondaError) -> tuple[Hint, ...]:
    """Return what plugins have to say about ``error``."""
    with suppress(XcondaError):
        offers = installed.asked(plugins.PluginErrorHint, "xconda_error_hints", error=error)
        return tuple(Hint(str(each.value.text), str(each.value.hint_code)) for each in offers)
    return ()


def tell_observers(
    installed: PluginSet,
    failure: BaseException,
    words: Sequence[str],
    environ: Mapping[str, str],
    exit_code: int,
) -> None:
    """Tell those plugins of ``failure`` that watch for its class, or for one above it."""
    names = {each.__name__ for each in type(failure).__mro__}
    event = plugins.ObservedException(
        exc_type=type(failure),
        exc_value=failure,
        exc_traceback=failure.__traceback__,
        argv=tuple(words),
        xconda_version=__version__,
        return_code=exit_code,
        active_prefix=environ.get("CONDA_PREFIX") or None,
    )
    with suppress(XcondaError):
        for offer in installed.offers(plugins.PluginExceptionObserver):
            if names & set(offer.value.watch_for):
                with suppress(XcondaError):
                    offer.call(offer.value.hook, event)
