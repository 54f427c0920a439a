"""The page of all settings, ``docs/settings.md``, made from the table of settings. Layer: config.

``python -m xconda_core.config.settings_page > docs/settings.md`` writes it; a test holds the two
together.
"""

import sys
from collections.abc import Iterable
from typing import Final

from xconda_core.config.definition import Definition
from xconda_core.config.definitions import DEFINITIONS, GROUPS

_SHAPES: Final = {
    "one": "",
    "list": "list of ",
    "map": "map to ",
    "map of lists": "map to lists of ",
    "list of maps": "list of maps to ",
    "anything": "",
}
_HEAD: Final = """# Settings

<!-- Made by `python -m xconda_core.config.settings_page` from xconda_core/config/definitions.py -->

xconda reads conda's configuration files and `CONDA_*` variables: names, types and the rules by
which they are merged are conda's. `xconda config --show` prints what counts, `--show-sources` who
said it, `--describe` what it means, `--validate` what is wrong; `--set`, `--add`, `--append`,
`--remove`, `--clear` and `--remove-key` change a file and leave its comments and its order alone.

## Where settings come from

Later places win over earlier ones. In each folder `.condarc`, `condarc` and the files of
`condarc.d/` that end in `.yml` or `.yaml` are read.

1. `/etc/conda`, `/var/lib/conda`: the administrator's
2. the base environment
3. `$XDG_CONFIG_HOME/conda`, `~/.config/conda`, `~/.conda`, then `~/.condarc`
4. the environment that a command is about (`-n`, `-p`, the active one)
5. the file or folder that `$CONDARC` names
6. environment variables: `CONDA_` and the name in capitals; an empty one says nothing
7. the command line

`$XCONDA_SEARCH_PATH`, files and folders written as in `$PATH`, stands in for the places 1 to 4;
empty, for none of them.

A single value of a later place replaces the earlier one. The items of a later list come first,
each item once. Maps are merged name by name. `#!final` behind a value keeps it from being replaced,
`#!top` and `#!bottom` keep an item of a list in its place. `$NAME` and `${NAME}` are replaced where
the table says so.
"""
_EXPANDS: Final = " `$NAME` is replaced."


def page() -> str:
    """Return the page."""
    parts = [_HEAD]
    for title, group in GROUPS.items():
        parts.append(f"## {title}\n\n{_table(group)}")
    never = [each for each in DEFINITIONS if each.standing == "never"]
    parts.append(
        "## Without meaning here\n\nA file may have them: nothing depends on them, and a fault in "
        "one is a warning.\n\n" + _reasons(never)
    )
    return "\n".join(parts)


def _table(definitions: Iterable[Definition]) -> str:
    rows = [
        f"| {_names(each)} | {_SHAPES[each.shape]}{each.type.wants} | {_default(each)} "
        f"| {each.description}{_EXPANDS if each.expands else ''} |\n"
        for each in definitions
    ]
    return "| setting | value | default | meaning |\n|---|---|---|---|\n" + "".join(rows)


def _reasons(definitions: Iterable[Definition]) -> str:
    rows = (f"| {_names(each)} | {each.description} |\n" for each in definitions)
    return "| setting | why |\n|---|---|\n" + "".join(rows)


def _names(definition: Definition) -> str:
    return ", ".join(f"`{name}`" for name in definition.names)


def _default(definition: Definition) -> str:
    default = definition.default
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, tuple):
        return ", ".join(f"`{item}`" for item in default)
    if isinstance(default, dict):
        return ", ".join(f"`{name}: {value}`" for name, value in default.items())
    return "" if default is None or default == "" else f"`{default}`"


if __name__ == "__main__":
    sys.stdout.write(page())
