"""``env remove`` and ``remove --all``: show, ask twice at most, take away. Layer: cli."""

from collections.abc import Mapping, Sequence
from typing import Final

from xconda_core.cli.changing import Declined, carry_out
from xconda_core.cli.console import Console, Text
from xconda_core.cli.documents import dist_document
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.cli.table import aligned
from xconda_core.config.redaction import redacted
from xconda_core.engine.engine import Engine
from xconda_core.engine.environment_removal import (
    EnvironmentRemoval,
    plan_removal,
    remove_environment,
)
from xconda_core.engine.listing import channels_of
from xconda_core.engine.requests import ChangeRequest
from xconda_core.environment.places import Target
from xconda_core.errors import Json
from xconda_core.models.channel import Channel

_SHOWN: Final = 10


def remove_whole(invocation: Invocation, *, keep_environment: bool = False) -> int:
    """Remove all packages of an environment, and itself unless ``keep_environment``.

    Raises:
        Declined: the user said no.
        XcondaError: it cannot be removed.
    """
    engine, target = open_target(invocation, changing=True)
    if keep_environment:
        return carry_out(invocation, engine, _emptying(invocation, engine, target))
    console = invocation.console
    removal = plan_removal(target.prefix, engine, console.notice)
    channels = channels_of(removal.packages, engine.wiring)
    if not (console.manners.quiet and console.manners.always_yes):
        console.say(*_lines(removal, target.why))
    if engine.settings.dry_run:
        console.remark("Dry run: nothing was changed.")
        console.document(_document(removal, channels, dry_run=True))
        return 0
    if not console.confirm("Remove this environment", invocation.cancel):
        raise Declined
    keep_foreign = bool(removal.foreign) and not _may_go(console, invocation, removal.foreign)
    with console.progress() as view:
        remove_environment(
            removal,
            engine,
            view.report,
            invocation.cancel,
            keep_foreign=keep_foreign,
            command=redacted(invocation.command_line),
        )
    if keep_foreign:
        console.remark(f"The packages are gone; the other files are still in {removal.prefix}.")
    console.remark(Text("Done: the environment is removed.", "good"))
    console.document(_document(removal, channels, dry_run=False))
    return 0


def _emptying(invocation: Invocation, engine: Engine, target: Target) -> ChangeRequest:
    return ChangeRequest(
        verb="remove",
        prefix=target.prefix,
        why_prefix=target.why,
        exact=True,
        dry_run=engine.settings.dry_run,
        command=redacted(invocation.command_line),
    )


def _may_go(console: Console, invocation: Invocation, foreign: Sequence[str]) -> bool:
    count = "1 file" if len(foreign) == 1 else f"{len(foreign)} files"
    console.say("", f"{count} in it and in no package:", *_some(foreign))
    return console.confirm("Remove these files too", invocation.cancel, default=False)


def _some(paths: Sequence[str]) -> list[str]:
    more = [f"  ... and {len(paths) - _SHOWN} more"] if len(paths) > _SHOWN else []
    return [*(f"  {path}" for path in paths[:_SHOWN]), *more]


def _lines(removal: EnvironmentRemoval, why: str) -> list[Text | str]:
    heading = Text(f"Environment: {removal.prefix} ({why})", "heading")
    rows = [("-", record.name, record.version) for record in removal.packages]
    rows += [("-", package.name, f"{package.version} (pip)") for package in removal.python]
    lines: list[Text | str] = [heading, ""]
    lines += (Text(line, "danger") for line in (aligned(rows) if rows else ()))
    return [*lines, *([""] if rows else []), f"Packages: {len(rows)} to remove"]


def _document(
    removal: EnvironmentRemoval, channels: Mapping[str, Channel], *, dry_run: bool
) -> dict[str, Json]:
    actions: dict[str, Json] = {
        "FETCH": [],
        "PREFIX": str(removal.prefix),
        "UNLINK": [dist_document(record, channels) for record in removal.packages],
    }
    document: dict[str, Json] = {
        "success": True,
        "actions": actions,
        "prefix": str(removal.prefix),
        "foreign": list(removal.foreign),
    }
    return document | {"dry_run": True} if dry_run else document
