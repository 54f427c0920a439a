"""All that is said of one package, as lines for people. Layer: cli. Pure."""

from datetime import UTC, datetime

from xconda_core.cli.console import Text
from xconda_core.cli.search_text import size_text
from xconda_core.cli.table import aligned
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.run_exports import RunExports


def everything(record: PackageRecord, exports: RunExports | None = None) -> list[Text]:
    """Return all that is said of one package, run exports as far as they are known."""
    facts = {
        "file": record.fn,
        "channel": record.channel_name,
        "platform": record.subdir,
        "noarch": record.noarch or "",
        "build number": str(record.build_number),
        "size": size_text(record.size),
        "built": _time(record.timestamp),
        "license": record.license or "",
        "track_features": " ".join(record.track_features),
        "sha256": record.sha256 or "",
        "md5": record.md5 or "",
        "url": record.url,
    }
    rows = [(name, value) for name, value in facts.items() if value]
    lines = [Text(f"{record.name} {record.version} {record.build}", "heading")]
    lines += [Text(f"  {line}") for line in aligned(rows)]
    exported = exports.by_kind() if exports else {}
    lists = [("needs", record.depends), ("constrains", record.constrains)]
    lists += [(f"run exports, {kind}", specs) for kind, specs in exported.items()]
    for title, specs in lists:
        lines += [Text(f"  {title}"), *(Text(f"    {spec}") for spec in specs)] if specs else []
    return lines


def _time(milliseconds: int | None) -> str:
    if not milliseconds:
        return ""
    try:
        when = datetime.fromtimestamp(milliseconds // 1000, UTC)
    except (OverflowError, ValueError, OSError):  # a year that no calendar has
        return ""
    return when.strftime("%Y-%m-%d %H:%M:%S UTC")
