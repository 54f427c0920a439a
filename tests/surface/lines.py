"""One ordinary command line for each command, which rows of shared options add to."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

FILES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "requirements.txt": "apple\n",
        "environment.yml": "name: new\ndependencies:\n  - plum\n",
    }
)
CHANGING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "create": "create -n new plum",
        "install": "install -n demo plum",
        "update": "update -n demo apple seed",
    }
)
ASKING: Final[Mapping[str, str]] = MappingProxyType(
    {
        **CHANGING,
        "remove": "remove -n demo pear",
        "env remove": "env remove -n other",
        "rename": "rename -n other moved",
        "clean": "clean --tarballs",
    }
)
LOOKING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "compare": "compare -n demo requirements.txt",
        "config": "config --show channels",
        "env config vars list": "env config vars list -n demo",
        "env export": "env export -n demo",
        "export": "export -n demo",
        "env list": "env list",
        "info": "info",
        "list": "list -n demo",
        "notices": "notices -c {server}/garden",
        "plugins list": "plugins list",
        "search": "search apple",
        "check": "check -n demo",
        "doctor": "doctor -n demo",
        "repoquery whoneeds": "repoquery whoneeds pear",
        "repoquery depends": "repoquery depends apple",
        "repoquery search": "repoquery search apple",
    }
)
DRY: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{command: f"{line} --dry-run" for command, line in ASKING.items()},
        "env create": "env create -n new --dry-run",
        "env update": "env update -n demo --dry-run",
        "init": "init bash --dry-run",
    }
)
TALKING: Final[Mapping[str, str]] = MappingProxyType({**LOOKING, **DRY})
