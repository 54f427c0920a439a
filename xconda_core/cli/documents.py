"""Results as the JSON documents that conda's readers know. Layer: cli. Pure.

Keys are conda's (``success``, ``actions``, ``FETCH``, ``LINK`` ...); what xconda knows besides goes
under keys that conda does not use.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from xconda_core.errors import Json, as_json
from xconda_core.models.channel import Channel
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.run_exports import RunExports
from xconda_core.transaction.plan import Plan


def dist_document(record: PackageRecord, channels: Mapping[str, Channel]) -> dict[str, Json]:
    """Return the eight fields by which ``list``, ``LINK`` and ``UNLINK`` name a package.

    ``channels`` are those that the configuration knows, by address.
    """
    channel = channels.get(record.channel)
    return {
        "base_url": channel.base_url if channel else record.channel,
        "build_number": record.build_number,
        "build_string": record.build,
        "channel": channel.name if channel else record.channel_name,
        "dist_name": record.dist_name,
        "name": record.name,
        "platform": record.subdir,
        "version": record.version,
    }


def records_of(plan: Plan) -> Iterable[PackageRecord]:
    """Return the records of what goes and comes."""
    for step in plan.operations:
        if step.old:
            yield step.old.record
        if step.new:
            yield step.new


def plan_document(
    plan: Plan, channels: Mapping[str, Channel], *, dry_run: bool, revision: int | None = None
) -> dict[str, Json]:
    """Return what a command that changed (or would change) an environment answers.

    ``revision`` is the number of the revision that was made.
    """
    if plan.is_empty and not plan.creates:
        message = "All requested packages already installed."
        short: dict[str, Json] = {"success": True, "message": message, "prefix": str(plan.prefix)}
        return short | {"newness": as_json(plan.newness)} if plan.newness else short
    document: dict[str, Json] = {
        "success": True,
        "actions": _actions(plan, channels),
        "prefix": str(plan.prefix),
        "plan": plan.to_json(),
    }
    if revision is not None:
        document["revision"] = revision
    return document | {"dry_run": True} if dry_run else document


def _actions(plan: Plan, channels: Mapping[str, Channel]) -> dict[str, Json]:
    old = (step.old.record for step in plan.operations if step.old)
    unlink: list[Json] = [dist_document(record, channels) for record in old]
    new = (step.new for step in plan.operations if step.new)
    link: list[Json] = [dist_document(record, channels) for record in new]
    actions: dict[str, Json] = {
        "FETCH": [
            record_document(step.new)
            for step in plan.operations
            if step.new and step.name in plan.fetch
        ],
        "PREFIX": str(plan.prefix),
    }
    if unlink:
        actions["UNLINK"] = unlink
    if link:
        actions["LINK"] = link
    return actions


def search_document(
    records: Iterable[PackageRecord],
    exports: Mapping[str, RunExports] | None = None,
    attested: Mapping[str, object] | None = None,
) -> dict[str, Json]:
    """Return the records by package name, in the order they came; the others by address."""
    found: dict[str, list[Json]] = {}
    for record in records:
        document = record_document(record)
        said = (exports or {}).get(record.url)
        if said is not None:
            document["run_exports"] = said.to_json()
        if attested and record.url in attested:
            document["attested"] = as_json(attested[record.url])
        found.setdefault(record.name, []).append(document)
    return {name: list(items) for name, items in found.items()}


_MACHINES: Final = {"64": "x86_64", "32": "x86"}


def record_document(record: PackageRecord) -> dict[str, Json]:
    """Return what a channel says of a package, and three things that conda works out of it."""
    system, _, machine = record.subdir.partition("-")
    document = record.to_json()
    document["arch"] = _MACHINES.get(machine, machine) or None
    document["platform"] = system if machine else None
    if record.noarch:
        document["package_type"] = f"noarch_{record.noarch}"
    return document
