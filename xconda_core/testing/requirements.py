"""Say in conda's words what a wheel requires. Layer: testing.

Source: PEP 440 (versions), PEP 508 (requirements and markers); conda's side is CEP 29.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

_CONDA_NAMES: Final[Mapping[str, str]] = {
    "ipython-pygments-lexers": "ipython_pygments_lexers",
    "jupyter-client": "jupyter_client",
    "jupyter-core": "jupyter_core",
    "jupyter-server": "jupyter_server",
    "pure-eval": "pure_eval",
    "ruamel-yaml": "ruamel.yaml",
    "stack-data": "stack_data",
    "typing-extensions": "typing_extensions",
    "tzdata": "python-tzdata",
}


class RequirementNotUnderstood(ValueError):
    """A requirement does not follow PEP 508; the message holds it."""


def conda_name(name: str) -> str:
    """Return what conda-forge calls the PyPI project ``name``; mostly its own name."""
    canonical = canonicalize_name(name)
    return _CONDA_NAMES.get(canonical, canonical)


def conda_constraint(specifiers: str) -> str:
    """Return a PEP 440 specifier set as a conda version constraint; empty for any version.

    ``<2`` becomes ``<2.0a0``: PEP 440 does not let pre-releases of 2 pass there, conda does.

    Raises:
        RequirementNotUnderstood: it is none.
    """
    try:
        parsed = SpecifierSet(specifiers)
    except InvalidSpecifier as error:
        raise RequirementNotUnderstood(f"{specifiers!r} is no version constraint") from error
    order = {">": 0, "~": 0, "=": 1, "<": 2, "!": 3}
    parts = sorted(parsed, key=lambda part: (order[part.operator[0]], part.version))
    return ",".join(_constraint(part) for part in parts)


def _constraint(part: Specifier) -> str:
    operator, version = part.operator, part.version
    if operator == "==" and version.endswith(".*"):
        return version
    if operator == "===":
        return f"=={version}"
    if operator == "~=":
        release = Version(version).release[:-1]
        epoch = f"{Version(version).epoch}!" if Version(version).epoch else ""
        return f">={version},{epoch}{'.'.join(map(str, release))}.*"
    if operator == "<" and not Version(version).is_prerelease:
        return f"<{version}{'.0' if '.' not in version else ''}a0"
    return f"{operator}{version}"


def conda_requirements(requirements: Iterable[str], environment: Mapping[str, str]) -> list[str]:
    """Return the MatchSpecs of those ``Requires-Dist`` lines that hold in ``environment``.

    Extras are left out: conda has no way to ask for them. ``environment`` holds the values of
    PEP 508's markers.

    Raises:
        RequirementNotUnderstood: a line does not follow PEP 508.
    """
    found: dict[str, list[str]] = {}
    for line in requirements:
        try:
            requirement = Requirement(line)
        except InvalidRequirement as error:
            raise RequirementNotUnderstood(f"{line!r} is no requirement") from error
        marker = requirement.marker
        if marker is None or marker.evaluate({**environment, "extra": ""}):
            constraint = conda_constraint(str(requirement.specifier))
            found.setdefault(conda_name(requirement.name), []).append(constraint)
    return [
        f"{name} {','.join(filter(None, constraints))}".strip()
        for name, constraints in sorted(found.items())
    ]
