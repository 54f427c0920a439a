"""When a conditional dependency or wish counts, as alternatives of specs.

Layer: solver. Source: CEP 43.
"""

from itertools import product
from typing import Final

from xconda_core.models.match_spec import MatchSpec, When

MAX_ALTERNATIVES: Final = 64

Alternatives = list[tuple[MatchSpec, ...]]


def alternatives(when: When | None) -> Alternatives | None:
    """Return specs of which, in one of the alternatives, all must be met; no condition: ``[()]``.

    Returns:
        None where there are too many alternatives, or where a condition is not about one name.
    """
    if when is None:
        return [()]
    if isinstance(when, MatchSpec):
        return [(when,)] if when.is_exact_name and not when.extras and not when.when else None
    parts = [alternatives(part) for part in when.parts]  # the parser bounds the depth
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if when.kind == "any":
        found = [together for part in known for together in part]
    else:
        count = 1
        for part in known:
            count *= len(part)
        if count > MAX_ALTERNATIVES:
            return None
        found = [sum(choice, ()) for choice in product(*known)]
    return found if len(found) <= MAX_ALTERNATIVES else None
