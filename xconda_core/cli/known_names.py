"""Names that only an engine knows, for a shell in which Tab was pressed. Layer: cli."""

from xconda_core.cli.completions import completions
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.next_words import Wanted
from xconda_core.engine import opening
from xconda_core.errors import XcondaError


def known_names(wanted: Wanted, invocation: Invocation) -> list[str]:
    """Return the environments or packages that ``wanted`` may become; no server is asked."""
    given = {"offline": True, "use_index_cache": True}
    try:
        engine = opening.open_engine(
            overrides=given, environ=invocation.environ, plugins=invocation.plugins
        )
        name, path = wanted.name or None, wanted.prefix or None
        target = opening.target(name, path, invocation.environ, engine.settings)
        asked = (wanted.kind, wanted.start)
        found = completions(engine, target.prefix, asked, invocation.cancel)
    except XcondaError:
        return []  # whoever presses Tab wants words; what is wrong is said when Enter is pressed
    return [str(word) for word in found]
