"""Which dialect each shell speaks. Layer: environment."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from xconda_core.environment.shells.cmd import CMD
from xconda_core.environment.shells.csh import CSH
from xconda_core.environment.shells.dialect import Dialect
from xconda_core.environment.shells.fish import FISH
from xconda_core.environment.shells.posix import POSIX
from xconda_core.environment.shells.powershell import POWERSHELL
from xconda_core.environment.shells.xonsh import XONSH

DIALECTS: Final[Mapping[str, Dialect]] = MappingProxyType(
    {
        **dict.fromkeys(("posix", "bash", "zsh", "dash", "ash", "ksh", "sh"), POSIX),
        **dict.fromkeys(("csh", "tcsh"), CSH),
        **dict.fromkeys(("powershell", "pwsh"), POWERSHELL),
        "fish": FISH,
        "xonsh": XONSH,
        "cmd.exe": CMD,
    }
)
