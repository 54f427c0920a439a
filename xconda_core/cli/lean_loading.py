"""Libraries loaded without what they load beside them and do not need. Layer: cli.

See docs/decisions/0110-what-a-command-loads.md.
"""

import sys
from importlib import import_module
from typing import Final

_BESIDE: Final = "typing_extensions"


def load_msgspec() -> None:
    """Load msgspec, which every command but the help uses, in half of its time.

    It looks for ``typing_extensions``, which loads half of the compiler (6 ms), and takes what
    ``typing`` has where there is none: from Python 3.11 on these are the same. Whoever asks for
    ``typing_extensions`` later gets it.
    """
    if "msgspec" in sys.modules or _BESIDE in sys.modules:
        return
    sys.modules[_BESIDE] = None  # type: ignore[assignment]  # how Python says: there is none
    try:
        import_module("msgspec")
    finally:
        del sys.modules[_BESIDE]
