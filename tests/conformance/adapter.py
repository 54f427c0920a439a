"""What the conformance runner asks of xconda, group by group.

Every ``adapter_*.py`` beside this file answers some groups with functions of the runner's names; a
new group is a new file, and this one puts them together. They only translate: they import
``xconda_core`` and the standard library. One that cannot answer a row raises its ``Unsupported``.
"""

import importlib
from pathlib import Path

NAME = "xconda"

parts = [
    importlib.import_module(path.stem)
    for path in sorted(Path(__file__).parent.glob("adapter_*.py"))
]
Unsupported = tuple(part.Unsupported for part in parts if hasattr(part, "Unsupported"))
for part in parts:
    globals().update(
        {
            name: value
            for name, value in vars(part).items()
            if getattr(value, "__module__", None) == part.__name__ and name.islower()
        }
    )
