"""The words of a changing command as the engine's request. Layer: cli."""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import chosen_channels
from xconda_core.config.redaction import redacted
from xconda_core.engine.engine import Engine
from xconda_core.engine.requests import ChangeRequest, Verb
from xconda_core.environment.places import Target


def change_request(
    invocation: Invocation, engine: Engine, target: Target, verb: Verb
) -> ChangeRequest:
    """Return what is asked of ``engine``.

    The command line goes into the history without the credentials of its URLs.

    Raises:
        UsageError: the words leave no channel to look in.
    """
    arguments = vars(invocation.arguments)
    return ChangeRequest(
        verb=verb,
        prefix=target.prefix,
        why_prefix=target.why,
        specs=tuple(arguments.get("specs", ())),
        update_all=arguments.get("update_all", False),
        prune=arguments.get("prune", False),
        default_packages=arguments.get("default_packages", True),
        revision=arguments.get("revision"),
        channels=chosen_channels(invocation.arguments, f"xconda {verb}"),
        override_channels=arguments.get("override_channels", False),
        prove=arguments.get("prove", False),
        dry_run=engine.settings.dry_run,
        command=redacted(invocation.command_line),
    )
