"""For which platform a spec looks. Layer: models. Source: CEP 29."""

from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.platform import KNOWN_SUBDIRS


def searched_platform(text: str) -> str:
    """Return the platform that a spec names; nothing where it names none, or ``noarch``.

    Raises:
        InvalidMatchSpec: ``text`` is no spec.
    """
    subdir = MatchSpec.parse(text).fields.subdir
    return subdir if subdir in KNOWN_SUBDIRS and subdir != "noarch" else ""
