"""Effects that options have, as values that a row names."""

from collections.abc import Callable
from typing import Any

from tests.surface.option_row import Effect


def says(*words: str) -> Effect:
    """Everything in ``words`` is to be read."""
    return Effect(
        f"says {_listed(words)}", lambda outcome: all(word in outcome.text for word in words)
    )


def answers(*words: str) -> Effect:
    """Everything in ``words`` is in the answer on standard output."""
    return Effect(
        f"answers {_listed(words)}", lambda outcome: all(word in outcome.stdout for word in words)
    )


def silences(*words: str) -> Effect:
    """Nothing of ``words`` is said."""
    return Effect(
        f"does not say {_listed(words)}",
        lambda outcome: not any(word in outcome.text for word in words),
    )


def is_document() -> Effect:
    """Standard output is one JSON document."""
    return Effect("one JSON document", lambda outcome: outcome.document is not None)


def gives(words: str, of: Callable[[Any], bool]) -> Effect:
    """The JSON document is such that ``of`` holds."""
    return Effect(words, lambda outcome: outcome.document is not None and of(outcome.document))


def leaves(environment: str, **packages: str | None) -> Effect:
    """These packages are in that environment, in these versions; None: not there at all."""
    listed = ", ".join(f"{name} {version or 'gone'}" for name, version in packages.items())
    return Effect(
        f"{environment} then has {listed}",
        lambda outcome: (
            environment in outcome.environments
            and all(
                outcome.environments[environment].get(name) == version
                for name, version in packages.items()
            )
        ),
    )


def keeps(environment: str) -> Effect:
    """That environment is there."""
    return Effect(f"{environment} is there", lambda outcome: environment in outcome.environments)


def loses(environment: str) -> Effect:
    """That environment is gone."""
    return Effect(f"{environment} is gone", lambda outcome: environment not in outcome.environments)


def plans(**packages: str | None) -> Effect:
    """The plan, as JSON, links these versions; None: it does not link the package."""
    listed = ", ".join(f"{name} {version or 'not'}" for name, version in packages.items())

    def holds(document: Any) -> bool:
        actions = document.get("actions", {})
        linked = {each["name"]: each["version"] for each in actions.get("LINK", ())}
        return all(linked.get(name) == version for name, version in packages.items())

    return Effect(
        f"links {listed}",
        lambda outcome: isinstance(outcome.document, dict) and holds(outcome.document),
    )


def asks(*ends: str) -> Effect:
    """The channel's server is asked for paths that contain these."""
    return Effect(
        f"asks the channel for {_listed(ends)}",
        lambda outcome: all(any(end in path for path in outcome.asked) for end in ends),
    )


def does_not_ask(end: str) -> Effect:
    """The channel's server is not asked for such a path."""
    what = f"`{end}`" if end else "anything"
    return Effect(
        f"does not ask the channel for {what}",
        lambda outcome: not any(end in path for path in outcome.asked),
    )


def writes(path: str) -> Effect:
    """A file below the home, by the end of its path, is there."""
    return Effect(
        f"`{path}` is there", lambda outcome: any(name.endswith(path) for name in outcome.files)
    )


def copies(path: str) -> Effect:
    """A file below the home shares its blocks' name with no other."""
    return Effect(f"`{path}` is a copy", lambda outcome: outcome.files.get(path, (0, 0))[1] == 1)


def takes_away(part: str) -> Effect:
    """No file whose path contains ``part`` is there."""
    return Effect(
        f"no `{part}` is left", lambda outcome: not any(part in name for name in outcome.files)
    )


def shows_help(command: str) -> Effect:
    """The help of that command is shown."""
    words = f"xconda {command}"
    return Effect("shows its help", lambda outcome: f"usage: {words}" in outcome.stdout)


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word.strip()}`" for word in words)
