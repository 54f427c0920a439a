"""Lines of an ``environment.yml`` that are for some platforms only. Layer: environment. Pure.

Source: CEP 24, "Preprocessing selectors": ``# [linux and not arm64]`` behind a line, as conda-lock
reads it, and ``sel(win): pywin32`` as an item, as micromamba does. A comment in brackets that is no
expression of known words is a comment.
"""

from typing import Final

from xconda_core.regex import regex

_COMMENT: Final = regex(r"(?:^|\s)#\s*\[([^\[\]]+)\]")
_TOKEN: Final = regex(r"\s*([A-Za-z_]\w*|[()]|\d+)")
_SEL: Final = regex(r"sel\((.+)\)")
_ARCHITECTURES: Final = {
    "64": "x86_64", "32": "x86", "arm64": "arm64", "aarch64": "aarch64", "armv6l": "armv6l",
    "armv7l": "armv7l", "ppc64le": "ppc64le", "ppc64": "ppc64", "s390x": "s390x",
    "riscv64": "riscv64", "wasm32": "wasm32",
}  # fmt: skip


def selector_words(platform: str) -> dict[str, bool]:
    """Return every word that a selector may use, and whether it is true for ``platform``."""
    system, _, machine = platform.partition("-")
    words = {name: system == name for name in ("linux", "osx", "win", "emscripten", "wasi")}
    words["unix"] = system in {"linux", "osx", "emscripten", "freebsd", "wasi"}
    words["x86"] = machine in {"64", "32"}
    words["x86_64"] = words["x64"] = machine == "64"
    for name in _ARCHITECTURES:
        if not name.isdigit():
            words[name] = machine == name
    for name in ("linux", "osx", "win"):
        words[f"{name}64"] = system == name and machine == "64"
        words[f"{name}32"] = system == name and machine == "32"
    return words


def without_other_platforms(text: str, platform: str) -> str:
    """Return ``text`` with the lines emptied that are not for ``platform``."""
    if "#" not in text:
        return text
    words = selector_words(platform)
    lines = text.splitlines(keepends=True)
    return "".join("\n" if _is_excluded(line, words) else line for line in lines)


def selected(key: str, platform: str) -> bool | None:
    """Return whether an item with the key ``sel(WORD)`` counts; None where it is no selector."""
    found = _SEL.fullmatch(key.strip())
    return evaluate(found[1], selector_words(platform)) if found else None


def evaluate(expression: str, words: dict[str, bool]) -> bool | None:
    """Return what ``expression`` (words, and, or, not, parentheses) says; None: it is none."""
    tokens, position = [], 0
    while position < len(expression.rstrip()):
        found = _TOKEN.match(expression, position)
        if found is None:
            return None
        tokens.append(found[1])
        position = found.end()
    parser = _Parser(tokens, words)
    try:
        value = parser.either()
    except (LookupError, RecursionError):
        return None
    return value if parser.is_done else None


def _is_excluded(line: str, words: dict[str, bool]) -> bool:
    found = _COMMENT.search(line)
    return found is not None and evaluate(found[1], words) is False


class _Parser:
    """Reads ``or`` of ``and`` of ``not``; a word that is not known is a LookupError."""

    def __init__(self, tokens: list[str], words: dict[str, bool]) -> None:
        self._tokens, self._words, self._at = tokens, words, 0

    @property
    def is_done(self) -> bool:
        return self._at == len(self._tokens)

    def either(self) -> bool:
        value = self._both()
        while self._take("or"):
            value = self._both() or value
        return value

    def _both(self) -> bool:
        value = self._one()
        while self._take("and"):
            value = self._one() and value
        return value

    def _one(self) -> bool:
        if self._take("not"):
            return not self._one()
        if self._take("("):
            value = self.either()
            if not self._take(")"):
                raise LookupError(")")
            return value
        token = self._tokens[self._at]
        self._at += 1
        return self._words[token]

    def _take(self, token: str) -> bool:
        is_there = not self.is_done and self._tokens[self._at] == token
        self._at += is_there
        return is_there
