"""What the doctor found, as lines for people. Layer: cli. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from xconda_core.cli.console import Text
from xconda_core.engine.diagnosis import Diagnosis, Healing
from xconda_core.environment.health import Finding

_SHOWN: Final = 8  # findings of one check, unless all are wanted


def diagnosis_lines(diagnosis: Diagnosis, why: str, *, whole: bool = False) -> list[Text | str]:
    """Return a line per check, and under it what it found; the last line is the sum."""
    lines: list[Text | str] = [Text(f"Environment: {diagnosis.prefix} ({why})", "heading")]
    width = max((len(name) for name, _ in diagnosis.checks), default=0)
    for name, summary in diagnosis.checks:
        found = [each for each in diagnosis.findings if each.check == name]
        mark, style = _mark(found)
        lines.append(Text(f"{mark}  {name:<{width}}  {summary}", style))
        lines += _finding_lines(found, whole=whole)
    return [*lines, "", _sum(diagnosis)]


def healing_lines(healing: Healing) -> list[Text | str]:
    """Return what was repaired, and what was not with its reason."""
    lines: list[Text | str] = []
    if healing.fixed:
        things = "thing" if len(healing.fixed) == 1 else "things"
        lines.append(Text(f"Repaired: {len(healing.fixed)} {things}.", "good"))
    for each in healing.left:
        reason = healing.reasons.get(each.path)
        if reason:
            lines.append(Text(f"Left: {each.path}, because {reason}.", "warning"))
    return lines


def _mark(found: Sequence[Finding]) -> tuple[str, str]:
    if any(each.level == "problem" for each in found):
        return "x", "danger"
    return ("!", "warning") if found else ("-", "good")


def _finding_lines(found: Sequence[Finding], *, whole: bool) -> Iterator[str]:
    shown = found if whole else found[:_SHOWN]
    last = ""
    for position, each in enumerate(shown):
        package = f"{each.package}: " if each.package and each.is_file else ""
        yield f"     {package}{each.what}"
        last = each.fix
        following = shown[position + 1].fix if position + 1 < len(shown) else ""
        if last and last != following and position + 1 < len(shown):
            yield f"       try: {last}"
    if len(shown) < len(found):
        yield f"     and {len(found) - len(shown)} more (-v shows all)"
    if last:
        yield f"       try: {last}"


def _sum(diagnosis: Diagnosis) -> Text:
    problems = sum(each.level == "problem" for each in diagnosis.findings)
    warnings = len(diagnosis.findings) - problems
    looked = f"{diagnosis.file_count} files" if diagnosis.file_count > 2 else "no files"
    time = f"{looked} looked at in {diagnosis.seconds:.1f} s"
    if not diagnosis.findings:
        return Text(f"Healthy: {time}.", "good")
    words = f"{problems} problem{'' if problems == 1 else 's'}"
    words += f", {warnings} warning{'' if warnings == 1 else 's'}"
    return Text(f"{words}: {time}.", "danger" if problems else "warning")
