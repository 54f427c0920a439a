"""Which package may be meant by a name that there is not. Layer: solver. Pure."""

from collections.abc import Iterable, Sequence
from typing import Final

from xconda_core.models.nearest import nearest_words
from xconda_core.regex import regex

NEAREST: Final = 4
ALIKE: Final = 0.75  # of all letters, as difflib counts them
ALIKE_INSIDE: Final = 3  # letters that a name must have to be looked for inside others
_SEPARATORS: Final = regex(r"[-_.]+")
_NO_HINT: Final = frozenset(("python", "py", "lib", "r", "conda", "dev", "base", "core", "client"))


def near_names(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the few of ``names`` that ``name`` may mean: misspelt, a part of it, or a relative."""
    known = sorted(names)
    plain = _plain(name)
    same = [each for each in known if plain and _plain(each) == plain]
    parts = [part for part in _SEPARATORS.split(name) if len(part) > ALIKE_INSIDE]
    parts = [part for part in parts if part not in _NO_HINT]
    inside = [each for each in known if len(name) > ALIKE_INSIDE - 1 and name in each]
    of_it = [each for each in known if each in parts]
    wholes = sorted(inside, key=lambda each: (len(each), each))
    found = dict.fromkeys((*same, *_misspelt(name, known), *_abbreviated(name, known)))
    return tuple(dict.fromkeys((*found, *of_it, *wholes)))[:NEAREST]


def _plain(name: str) -> str:
    """Return a name without what parts its words, and without "python" around it."""
    words = [word for word in _SEPARATORS.split(name.lower()) if word not in ("python", "py")]
    return "".join(words)


def _misspelt(name: str, known: Iterable[str]) -> Sequence[str]:
    """Return names much like ``name``, the most alike first."""
    letters = set(name)
    longest = 1 if len(name) < 6 else len(name) // 2
    # What cannot be alike is left out here more cheaply than by difflib.
    near = [
        each
        for each in known
        if abs(len(each) - len(name)) <= longest and 2 * len(letters & set(each)) >= len(letters)
    ]
    return nearest_words(name, near, count=NEAREST, cutoff=ALIKE)


def _abbreviated(name: str, known: Iterable[str]) -> list[str]:
    """Return names of which ``name`` has letters of the first word and all of the last.

    So ``sklearn`` is short for ``scikit-learn``.
    """
    found = []
    for each in known:
        first, _, last = each.partition("-")
        if len(last) > ALIKE_INSIDE and name.endswith(last) and name[0] == first[:1]:
            letters = iter(first)
            if all(letter in letters for letter in name.removesuffix(last)):
                found.append(each)
    return found
