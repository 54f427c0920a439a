"""What Python projects require of each other, by their own metadata. Layer: environment. Pure.

Source: PEP 508 (requirements, extras and markers) and PEP 440 (specifiers), read by ``packaging``:
a grammar of somebody else's standard is better read by those who keep it.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import InvalidVersion, Version

from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.python_package import PythonPackage, canonical_name, project_name

_MACHINES: Final = {"64": "x86_64", "32": "i686", "win-64": "AMD64", "win-arm64": "ARM64"}


def unmet_requirements(
    state: EnvironmentState,
) -> Iterator[tuple[PythonPackage, str, str]]:
    """Yield each project that conda did not install with a requirement of it that does not hold.

    The last is the version that is there, empty where none is. Requirements of extras that nobody
    asked for, and of other platforms and Pythons, do not count; one that cannot be read is passed
    over.
    """
    there = _versions(state)
    environment = marker_environment(state)
    for package in state.python_packages.values():
        for text in package.requires:
            requirement = _read(text)
            if requirement is None or not applies(requirement, environment):
                continue
            version = there.get(canonical_name(requirement.name), "")
            if not version or not _holds(requirement, version):
                yield package, str(requirement).partition(";")[0].strip(), version


def lost_requirements(before: EnvironmentState, after: EnvironmentState) -> Iterator[str]:
    """Yield a sentence for each requirement that holds ``before`` a change and not ``after`` it."""
    broken = {(package.name, text) for package, text, _ in unmet_requirements(before)}
    for package, text, version in unmet_requirements(after):
        if package.name in before.python_packages and (package.name, text) not in broken:
            rest = f"{version} will be there" if version else "it will not be there"
            yield f"{package.project} {package.version} of pip needs {text}, and {rest}"


def applies(requirement: Requirement, environment: Mapping[str, str]) -> bool:
    """Whether a requirement counts in an environment, no extra being asked for."""
    return requirement.marker is None or requirement.marker.evaluate({**environment, "extra": ""})


def marker_environment(state: EnvironmentState) -> dict[str, str]:
    """Return the variables of PEP 508 as the environment's own Python would give them."""
    python = state.installed.get("python")
    if python is None:
        return {}
    version, subdir = python.record.version, python.record.subdir
    system, _, processor = subdir.partition("-")
    machine = _MACHINES.get(subdir) or _MACHINES.get(processor, processor)
    return {
        "python_version": ".".join(version.split(".")[:2]),
        "python_full_version": version,
        "implementation_name": "pypy" if "pypy" in python.record.build else "cpython",
        "implementation_version": version,
        "platform_python_implementation": "PyPy" if "pypy" in python.record.build else "CPython",
        "os_name": "nt" if system == "win" else "posix",
        "sys_platform": {"win": "win32", "osx": "darwin"}.get(system, system),
        "platform_system": {"win": "Windows", "osx": "Darwin"}.get(system, system.capitalize()),
        "platform_machine": machine,
    }


def _versions(state: EnvironmentState) -> dict[str, str]:
    versions = {project_name(name): each.record.version for name, each in state.installed.items()}
    pip = {canonical_name(each.project): each.version for each in state.python_packages.values()}
    return {**versions, **pip}


def _read(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


def _holds(requirement: Requirement, version: str) -> bool:
    try:
        return requirement.specifier.contains(Version(version), prereleases=True)
    except InvalidVersion:  # conda's own versions know no PEP 440: they are given the benefit
        return True
