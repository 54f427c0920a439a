"""The page of all failures, ``docs/troubleshooting.md``, made from the sources. Layer: cli.

``python -m xconda_core.cli.errors_page > docs/troubleshooting.md`` writes it; a test holds the two
together. What a failure means is its docstring, what to do its sentence ``fix``, in which facts
that are known only when it happens are words in capitals. Sources are read, not imported: some
need libraries that are not everywhere.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from xconda_core.values import Slotted, dataclass

_ROOT: Final = Path(__file__).parents[2]
_PACKAGES: Final = ("xconda_core", "xconda_jupyter")
_HEAD: Final = """# Troubleshooting

<!-- Made by `python -m xconda_core.cli.errors_page` from the classes of failures in the sources -->

Every failure says three things: what did not happen, why, and what to try. It has a code, which
does not change from one version to the next: `code` in [`--json`](cli.md#json) and in answers of
the [server](server.md). A terminal shows the three sentences; look for the first of them here.
Words in capitals stand for what the message names.

Where that does not help:

- `xconda doctor -n NAME` looks for what is wrong in an environment; `--fix` repairs what packages
  can repair.
- `xconda config --show-sources` says which file or variable has set what.
- `-v` to `-vvvv` says more; the details of the last change are in `last-operation.log`
  (`xconda info` says where).
- `xconda undo` goes back to the state before the last change.
- `xconda report` writes a file for a bug report, without secrets. Nothing is sent to anybody.

The exit code is 1 unless another one is named; [all exit codes](cli.md#exit-codes).
"""
_IN_GENERAL: Final[Mapping[str, str]] = {
    "environment-in-use": "deactivate it, or call from another one; the base environment stays.",
    "http-refused": (
        "401 or 403: give a login or a token, see [the network](network.md); 404: check the "
        "channel's address; 407: the proxy wants a login; 429 and 5xx: try again later."
    ),
    "kernel-not-started": (
        "bring the environment or its ipykernel back, then restart the kernel; "
        "see [kernels](kernels.md#a-kernel-that-cannot-start-says-why)."
    ),
    "not-in-cells": "run it in a terminal, or use the command of cells that the message names.",
    "not-a-channel-folder": (
        "put the archives into the folders of their platforms, `DIR/linux-64`, `DIR/noarch`, and "
        "name `DIR`."
    ),
    "not-exportable": "choose another format; `xconda export --help` lists them.",
    "package-not-fetched": "see the failure that the message tells as the reason.",
    "package-not-found": (
        "check the name (`xconda search '*PART*'`), its version, or add a channel with `-c`; names "
        "that are near are offered."
    ),
    "package-not-installed": "`xconda list` shows what is there; `xconda install` adds it.",
    "trust-metadata-refused": "see [trust](trust.md); until it is mended, take another mirror.",
    "unsatisfiable": (
        "read it from the top: what you asked for, the packages between, where they clash. The "
        "ways out that it offers have been checked by a solve each."
    ),
    "unusable-prefix": (
        "choose a place outside of other environments and of system folders, and a name without "
        "blanks and without `/`, `:` and `#`."
    ),
    "wrong-kind-of-setting": (
        "`xconda config --set` is for one value and for maps (`--set NAME.KEY VALUE`), `--add`, "
        "`--append` and `--remove` for lists."
    ),
}
"""Where the sentence depends on the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure(Slotted):
    """One class of failures as its source tells it.

    Attributes:
        name, base: Class names.
        code, exit_code: Empty and None: those of ``base``.
        meaning: First paragraph of the docstring.
        facts: Attributes that the docstring names.
        says, fixes: What is assigned to ``what`` and ``fix``; empty: that of ``base``, or known to
            the raiser only.
    """

    name: str
    base: str
    code: str
    exit_code: int | None
    meaning: str
    facts: tuple[str, ...]
    says: tuple[str, ...]
    fixes: tuple[str, ...]


def page() -> str:
    """Return the page."""
    by_code: dict[str, list[_Failure]] = {}
    for failure in failures():
        by_code.setdefault(failure.code, []).append(failure)
    return "\n".join([_HEAD, *(_section(code, by_code[code]) for code in sorted(by_code))])


def failures() -> tuple[_Failure, ...]:
    """Return every class below ``XcondaError``, with what it inherits filled in."""
    classes = {each.name: each for each in _classes()}
    whole = (_whole(each, classes) for each in classes.values() if _is_failure(each.base, classes))
    return tuple(each for each in whole if each.code != "error")  # a base: nothing raises it


def _classes() -> Iterator[_Failure]:
    for package in _PACKAGES:
        for path in sorted((_ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            constants = _assigned(tree.body)
            for node in tree.body:
                if isinstance(node, ast.ClassDef) and len(node.bases) == 1:
                    yield _read(node, constants)


def _is_failure(base: str, classes: Mapping[str, _Failure]) -> bool:
    while base in classes and base != "XcondaError":
        base = classes[base].base
    return base == "XcondaError"


def _whole(failure: _Failure, classes: Mapping[str, _Failure]) -> _Failure:
    """Return ``failure`` with what it has from its nearest base."""
    line = [failure]
    while line[-1].base in classes:
        line.append(classes[line[-1].base])
    return _Failure(
        name=failure.name,
        base=failure.base,
        code=next(each.code for each in line if each.code),
        exit_code=next((each.exit_code for each in line if each.exit_code is not None), 1),
        meaning=failure.meaning,
        facts=failure.facts,
        says=next((each.says for each in line if each.says), ()),
        fixes=next((each.fixes for each in line if each.fixes), ()),
    )


def _read(node: ast.ClassDef, constants: Mapping[str, ast.expr]) -> _Failure:
    own = _assigned(node.body)
    documentation = ast.get_docstring(node) or ""
    code, exit_code = (_constant(own.get(name)) for name in ("code", "exit_code"))
    known = {**constants, **{f"self.{name}": value for name, value in own.items()}}
    fixes = [own["_fix"]] if "_fix" in own else _given(node, "fix")
    return _Failure(
        name=node.name,
        base=ast.unparse(node.bases[0]).rpartition(".")[2],
        code=code if isinstance(code, str) else "",
        exit_code=exit_code if isinstance(exit_code, int) else None,
        meaning=" ".join(documentation.split("\n\n")[0].split()),
        facts=tuple(_facts(documentation)),
        says=_sentences(_given(node, "what"), known),
        fixes=_sentences(fixes, known),
    )


def _assigned(body: list[ast.stmt]) -> dict[str, ast.expr]:
    found = {}
    for each in body:
        if isinstance(each, ast.AnnAssign) and each.value is not None:
            found[ast.unparse(each.target)] = each.value
        elif isinstance(each, ast.Assign):
            found |= {ast.unparse(target): each.value for target in each.targets}
    return found


def _constant(value: ast.expr | None) -> object:
    return value.value if isinstance(value, ast.Constant) else None


def _facts(documentation: str) -> Iterator[str]:
    _, _, attributes = documentation.partition("Attributes:\n")
    for names in re.findall(r"^ {4}(\w[\w, ]*):", attributes, re.MULTILINE):
        yield from names.split(", ")


def _given(node: ast.ClassDef, name: str) -> Iterator[ast.expr]:
    for each in ast.walk(node):
        if isinstance(each, ast.Assign) and f"self.{name}" in map(ast.unparse, each.targets):
            yield each.value


def _sentences(values: Iterable[ast.expr], known: Mapping[str, ast.expr]) -> tuple[str, ...]:
    found = (_sentence(value, known) for value in values)
    return tuple(dict.fromkeys(each for each in found if each))


def _sentence(value: ast.expr, known: Mapping[str, ast.expr]) -> str:
    """Return the words of ``value``; empty where they are known only when it happens."""
    match value:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            words = "".join(_part(part, known) for part in parts)
            return re.sub(r"(?<=[a-z])[A-Z][A-Z_]*", "", words).strip()
        case ast.IfExp(body=one, orelse=other):
            return _either(_sentence(one, known), _sentence(other, known))
        case ast.BoolOp(values=choices):
            return _either(*(_sentence(choice, known) for choice in choices))
        case ast.Subscript(value=ast.Dict(values=choices)):
            return _either(*(_sentence(choice, known) for choice in choices))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _sentence(left, known) + _sentence(right, known)
        case ast.Name() | ast.Attribute():
            found = known.get(ast.unparse(value))
            return "" if found is None else _sentence(found, known)
    return ""


def _either(*choices: str) -> str:
    return " Or: ".join(choice for choice in choices if choice)


def _part(part: ast.expr, known: Mapping[str, ast.expr]) -> str:
    if not isinstance(part, ast.FormattedValue):
        return _sentence(part, known)
    name = ast.unparse(part.value)
    if name == "self.fix":
        return ""
    if name in known:
        return _sentence(known[name], known)
    if name == "sys.executable":
        return "python"
    word = name.rpartition(".")[2] if isinstance(part.value, ast.Name | ast.Attribute) else ""
    return word.strip("_").upper() or "…"


def _section(code: str, of_code: list[_Failure]) -> str:
    lines = [f"## {code}\n"]
    for failure in of_code:
        ends = f" Exit code {failure.exit_code}." if failure.exit_code != 1 else ""
        lines.append(_marked(failure.meaning) + ends + "\n")
        lines += [f"- *says:* {_marked(text)}" for text in failure.says]
        fixes = [_marked(fix) for fix in failure.fixes] or [_IN_GENERAL[code]]
        lines += [f"- *try:* {fix}" for fix in fixes]
        if failure.facts:
            lines.append(f"- *facts:* {', '.join(f'`{fact}`' for fact in failure.facts)}")
        lines.append("")
    return "\n".join(lines)


def _marked(text: str) -> str:
    """Return ``text`` as Markdown: outside of code spans nothing is a mark."""
    parts = text.replace("``", "`").split("`")
    for at in range(0, len(parts), 2):
        parts[at] = re.sub(r"([*_<\[\]])", r"\\\1", parts[at])
    return "`".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
