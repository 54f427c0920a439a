"""Requirements that stand in comments of code: PEP 723 blocks, and conda-script's.

Layer: environment. Source: PEP 723 with pixi's ``[tool.pixi]`` tables; the conda-script proposal
(prefix-dev/pixi#3751). Both are read, nothing of xconda's own is added to them.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

from xconda_core.values import Slotted, dataclass

Kind = Literal["script", "conda-script"]
_ENDS: Final[Mapping[str, str]] = {"script": "///", "conda-script": "/// end-conda-script"}
_OPENING: Final = re.compile(r"(?P<mark>\S+) /// (?P<kind>script|conda-script)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptBlock(Slotted):
    """What one block asks for.

    Attributes:
        kind: Which of the two it is.
        conda: MatchSpec texts.
        pip: Requirements as PEP 508 writes them.
        requires_python: Version specifiers of Python (PEP 440), empty where it does not say.
        conditional: Names of what it asks for under conditions that are not judged here.
        problem: Why it cannot be read; then it asks for nothing.
    """

    kind: Kind
    conda: tuple[str, ...] = ()
    pip: tuple[str, ...] = ()
    requires_python: str = ""
    conditional: tuple[str, ...] = ()
    problem: str = ""


def script_blocks(sources: Iterable[str]) -> tuple[ScriptBlock, ...]:
    """Return the blocks in some pieces of code, for example the code cells of a notebook."""
    found = [_block(kind, text) for source in sources for kind, text in _texts(source)]
    kinds = [each.kind for each in found if not each.problem]
    twice = {kind for kind in kinds if kinds.count(kind) > 1}
    return tuple(
        ScriptBlock(kind=each.kind, problem=f"there is more than one `/// {each.kind}` block")
        if each.kind in twice
        else each
        for each in found
    )


def _texts(source: str) -> Iterator[tuple[Kind, str]]:
    """Return the content of each block, without the marks of comments; an open end counts not."""
    lines = iter(source.splitlines())
    for line in lines:
        opening = _OPENING.fullmatch(line.rstrip())
        if not opening:
            continue
        kind: Kind = "script" if opening["kind"] == "script" else "conda-script"
        mark, content = opening["mark"], list[str]()
        if kind == "script" and mark != "#":
            continue
        for inner in lines:
            if inner.rstrip() == f"{mark} {_ENDS[kind]}":
                yield kind, "\n".join(content)
                break
            if inner.rstrip() != mark and not inner.startswith(f"{mark} "):
                break
            content.append(inner[len(mark) + 1 :])


def _block(kind: Kind, text: str) -> ScriptBlock:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return ScriptBlock(kind=kind, problem=f"it is no TOML: {error}")
    pixi = _table(_table(document, "tool"), "pixi")
    conda = _table(pixi, "dependencies")
    listed: tuple[str, ...] = ()
    if kind == "conda-script":
        conda = {**_table(document, "dependencies"), **conda}
    elif isinstance(document.get("dependencies"), list):
        listed = tuple(str(each) for each in document["dependencies"])
    pypi = _table(pixi, "pypi-dependencies")
    both = {**conda, **pypi}
    return ScriptBlock(
        kind=kind,
        conda=tuple(_spec(name, conda[name]) for name in conda if not _has_condition(conda[name])),
        pip=listed + tuple(f"{name}{_version(pypi[name])}" for name in pypi),
        requires_python=str(document.get("requires-python", "")),
        conditional=tuple(name for name in both if _has_condition(both[name])),
    )


def _table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = document.get(key)
    return found if isinstance(found, dict) else {}


def _has_condition(wanted: object) -> bool:
    return isinstance(wanted, dict) and "when" in wanted


def _version(wanted: object) -> str:
    version = wanted.get("version", "*") if isinstance(wanted, dict) else wanted
    text = str(version).replace(" ", "")
    return "" if text == "*" else text


def _spec(name: str, wanted: object) -> str:
    """Return the MatchSpec of ``name = "1.*"`` or ``name = {version = "1.*", build = ...}``."""
    fields = dict(wanted) if isinstance(wanted, dict) else {}
    parts = {"version": _version(wanted), "build": str(fields.get("build", ""))}
    inside = ", ".join(f"{key}='{text}'" for key, text in parts.items() if text)
    channel = f"{fields['channel']}::" if fields.get("channel") else ""
    return f"{channel}{name}[{inside}]" if inside else f"{channel}{name}"
