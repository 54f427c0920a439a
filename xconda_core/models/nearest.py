"""Which known words a mistyped one may mean. Layer: models. Pure."""

from collections.abc import Iterable


def nearest_words(
    word: str, known: Iterable[str], *, count: int = 3, cutoff: float = 0.6
) -> tuple[str, ...]:
    """Return the words most like ``word``, best first; none where none is like it.

    Args:
        word: What was typed.
        known: What there is.
        count: How many at most.
        cutoff: How alike they have to be, 0 to 1.
    """
    from difflib import get_close_matches  # only a mistake pays for it

    words = list(known)
    near = get_close_matches(word, words, n=count, cutoff=cutoff)
    same = [each for each in words if each.lower() == word.lower()]  # but for capital letters
    return tuple(dict.fromkeys((*same, *near)))[:count]
