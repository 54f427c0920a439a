"""``python -m xconda_core.exports`` writes ``docs/exports.md``. Layer: exports."""

import sys
from typing import Final

from xconda_core import exports
from xconda_core.exports.configured import CONFIGURED
from xconda_core.exports.dropped import DROPPED

_HEAD: Final = """\
# Names of `conda.exports`

<!-- `python -m xconda_core.exports > docs/exports.md` -->

Build tools import these names from `conda.exports`. `xconda_core.exports` has each as a thin call
of its own parts, or says what to use instead: also in the error of an import. Nothing here changes
the process, prints or asks; settings are those of the moment of the call.

Two things differ everywhere: a `Channel` and a `MatchSpec` are read with `.parse(text)`, and a
`Dist` is a frozen value (`Dist.of(record)`, `Dist.parse(text)`). The front door for new programs is
[`xconda_core.api`](api.md).

"""


def page() -> str:
    """Return the page."""
    lines = ["## What is here", "", "| name | what it is |", "|---|---|"]
    lines += [f"| `{name}` | {_about(name)} |" for name in sorted({*exports.__all__, *CONFIGURED})]
    lines += ["", "## What is not", "", "| name | use |", "|---|---|"]
    lines += [f"| `{name}` | {use} |" for name, use in sorted(DROPPED.items())]
    return _HEAD + "\n".join(lines) + "\n"


def _about(name: str) -> str:
    if name in CONFIGURED:
        return "a value of the configuration"
    value = getattr(exports, name)
    if isinstance(value, str | frozenset):
        return "a constant"
    own = getattr(value, "__name__", name)
    first = (value.__doc__ or "").split("\n", 1)[0]
    return f"`{own}`: {first}" if own != name else first


if __name__ == "__main__":
    sys.stdout.write(page())
