"""``environment.yml``, and the same as JSON. Layer: environment. Pure. Source: CEP 24."""

import json
import re
from collections.abc import Collection, Mapping
from typing import Final

from xconda_core.environment.formats.described import DescribedEnvironment, Variable, merged
from xconda_core.environment.formats.expansion import expanded
from xconda_core.environment.formats.problem import InvalidEnvironmentFile
from xconda_core.environment.formats.selectors import selected, without_other_platforms
from xconda_core.environment.formats.tree import (
    Node,
    list_of,
    map_of,
    read_json,
    read_yaml,
    text_of,
    wrong,
)
from xconda_core.environment.formats.yaml_writer import yaml_text
from xconda_core.errors import Json
from xconda_core.models.match_spec import InvalidMatchSpec, MatchSpec
from xconda_core.models.pip_section import InstallerSection
from xconda_core.models.platform import KNOWN_SUBDIRS
from xconda_core.regex import regex

_KEYS: Final = (
    "name", "prefix", "channels", "dependencies", "variables", "platforms", "category",
)  # fmt: skip
_VARIABLE_NAME: Final = regex(r"[^=\0]+")
_ADDS_PIP: Final = "its pip section needs pip, which joins the dependencies; list it to choose one"


def parse_environment(
    text: str,
    origin: str,
    platform: str,
    environ: Mapping[str, str],
    *,
    is_json: bool = False,
    installers: Collection[str] = (),
) -> DescribedEnvironment:
    """Read a file; several documents in it are merged like several files.

    Args:
        text: What stands in it.
        origin: Names it in errors.
        platform: Which lines with a selector count.
        environ: Variables that ``$NAME`` and ``${NAME}`` mean, but in ``variables``.
        is_json: It is JSON.
        installers: Sections besides ``pip`` that somebody installs.

    Raises:
        InvalidEnvironmentFile: it does not describe an environment.
    """
    if is_json:
        documents = read_json(text, origin)
    else:
        documents = read_yaml(without_other_platforms(text, platform), origin)
    if not documents:
        raise InvalidEnvironmentFile(origin, "it says nothing")
    read = _Reader(origin, platform, environ, installers)
    return merged([read.environment(document) for document in documents])


def environment_document(environment: DescribedEnvironment) -> dict[str, Json]:
    """Return the document that says what ``environment`` says; empty entries are left out."""
    dependencies: list[Json] = list(environment.dependencies)
    if environment.pip:
        dependencies.append({"pip": list(environment.pip)})
    dependencies += [{each.installer: list(each.lines)} for each in environment.sections]
    document: dict[str, Json] = {
        "name": environment.name,
        "channels": list(environment.channels),
        "dependencies": dependencies,
        "variables": dict(environment.variables),
        "platforms": list(environment.platforms),
        "category": environment.category,
        "prefix": environment.prefix,
    }
    return {key: value for key, value in document.items() if value or key == "dependencies"}


def environment_yaml(environment: DescribedEnvironment) -> str:
    """Return ``environment`` as YAML."""
    return yaml_text(environment_document(environment))


def environment_json(environment: DescribedEnvironment) -> str:
    """Return ``environment`` as JSON."""
    return json.dumps(environment_document(environment), indent=2, ensure_ascii=False) + "\n"


class _Reader:
    """Reads the documents of one file."""

    def __init__(
        self,
        origin: str,
        platform: str,
        environ: Mapping[str, str],
        installers: Collection[str],
    ) -> None:
        self._origin, self._platform, self._environ = origin, platform, environ
        self._installers = installers

    def environment(self, document: Node) -> DescribedEnvironment:
        entries = map_of(document, self._origin, "it must be lines of `key: value`")
        if "dependencies" not in entries:
            raise wrong(document, self._origin, "it has no `dependencies`")
        specs, pip, sections = self._dependencies(entries["dependencies"])
        notices = tuple(
            f"{self._origin}: `{key}` is not known, and was not read"
            for key in entries
            if key not in _KEYS
        )
        if pip and not any(MatchSpec.parse(spec).name == "pip" for spec in specs):
            specs = (*specs, "pip")
            notices = (*notices, f"{self._origin}: {_ADDS_PIP}")
        prefix = self._optional(entries, "prefix")
        return DescribedEnvironment(
            name=self._optional(entries, "name"),
            prefix=None if prefix is None else expanded(prefix, self._environ, home=True),
            channels=self._texts(entries, "channels"),
            dependencies=specs,
            pip=pip,
            sections=sections,
            variables=self._variables(entries),
            platforms=self._platforms(entries),
            category=self._optional(entries, "category"),
            notices=notices,
        )

    def _optional(self, entries: Mapping[str, Node], key: str) -> str | None:
        node = entries.get(key)
        if node is None or node.kind == "nothing":
            return None
        return text_of(node, self._origin)

    def _texts(self, entries: Mapping[str, Node], key: str) -> tuple[str, ...]:
        node = entries.get(key)
        if node is None or node.kind == "nothing":
            return ()
        items = list_of(node, self._origin, "it must be a list")
        return tuple(expanded(text_of(item, self._origin), self._environ) for item in items)

    def _dependencies(
        self, node: Node
    ) -> tuple[tuple[str, ...], tuple[str, ...], tuple[InstallerSection, ...]]:
        """Return the specs, the lines for pip, and what is for others."""
        specs: list[str] = []
        pip: list[str] = []
        sections: list[InstallerSection] = []
        for item in list_of(node, self._origin, "it must be a list"):
            if item.kind != "map":
                specs.append(self._spec(item))
                continue
            for key, value in item.entries.items():
                is_meant = selected(key, self._platform)
                if is_meant is not None:
                    specs += [self._spec(value)] if is_meant else []
                elif key == "pip":
                    pip += self._lines(value, key)
                elif key.lower() in self._installers:
                    lines = tuple(self._lines(value, key))
                    sections.append(InstallerSection(installer=key.lower(), lines=lines))
                else:
                    raise wrong(value, self._origin, _no_installer(key, self._installers))
        return tuple(specs), tuple(pip), tuple(sections)

    def _spec(self, node: Node) -> str:
        text = expanded(text_of(node, self._origin), self._environ)
        try:
            MatchSpec.parse(text)
        except InvalidMatchSpec as error:
            raise wrong(node, self._origin, error.in_a_sentence) from error
        return text

    def _lines(self, node: Node, installer: str) -> list[str]:
        if node.kind == "nothing":
            return []
        items = list_of(node, self._origin, f"it must be a list of what {installer} is to install")
        lines = [expanded(text_of(item, self._origin), self._environ).strip() for item in items]
        for item, line in zip(items, lines, strict=True):
            if "\n" in line or not line:
                raise wrong(item, self._origin, f"it must be one line for {installer}")
        return lines

    def _variables(self, entries: Mapping[str, Node]) -> dict[str, Variable]:
        node = entries.get("variables")
        if node is None or node.kind == "nothing":
            return {}
        variables: dict[str, Variable] = {}
        for name, value in map_of(node, self._origin, "it must be a map").items():
            if not _VARIABLE_NAME.fullmatch(name):
                raise wrong(value, self._origin, "that is no name of a variable")
            if value.kind in {"list", "map", "nothing"} or "\0" in value.text:
                raise wrong(value, self._origin, "it must be the text of a variable")
            is_number = value.kind == "number" and _is_plain_integer(value.text)
            variables[name] = int(value.text) if is_number else value.text
        return variables

    def _platforms(self, entries: Mapping[str, Node]) -> tuple[str, ...]:
        platforms = self._texts(entries, "platforms")
        for platform in platforms:
            if platform not in KNOWN_SUBDIRS or platform == "noarch":
                raise wrong(entries["platforms"], self._origin, f"{platform!r} is no platform")
        return platforms


def _is_plain_integer(text: str) -> bool:
    return re.fullmatch(r"0|-?[1-9]\d{0,17}", text, re.ASCII) is not None


def _no_installer(key: str, installers: Collection[str]) -> str:
    there = ", ".join(f"`{name}`" for name in sorted({"pip", *installers}))
    have = f"{there} is the one there is" if not installers else f"there are {there}"
    return f"nothing here installs the packages of a section {key!r}: {have}, plugins may add some"
