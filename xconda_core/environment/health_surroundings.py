"""Health checks of what bears on an environment from outside. Layer: environment. Pure."""

from typing import Final

from xconda_core.environment.health import Check, Finding, PrefixSnapshot
from xconda_core.errors import XcondaError
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.python_package import canonical_name, conda_name

_SHADOWING: Final = {
    "PYTHONPATH": "Python looks there before the environment",
    "PYTHONHOME": "Python takes its own library from there",
}


def environment_txt(snapshot: PrefixSnapshot) -> tuple[Finding, ...]:
    """Return that other tools do not know the environment."""
    if snapshot.surroundings.is_registered:
        return ()
    what = "the environment is not in ~/.conda/environments.txt."
    fix = "`xconda doctor --fix` adds it; then `env list` of every tool shows it."
    return (Finding(level="warning", what=what, fix=fix),)


def requests_ca_bundle(snapshot: PrefixSnapshot) -> tuple[Finding, ...]:
    """Return that certificates are looked for where none are."""
    if snapshot.surroundings.ca_bundle_exists is not False:
        return ()
    place = snapshot.surroundings.variables.get("REQUESTS_CA_BUNDLE", "")
    what = f"REQUESTS_CA_BUNDLE leads to {place}, which is not there."
    fix = "set it to a file of certificates, or `unset REQUESTS_CA_BUNDLE`."
    return (Finding(what=what, fix=fix),)


def pinned(snapshot: PrefixSnapshot) -> tuple[Finding, ...]:
    """Return the lines of ``conda-meta/pinned`` that cannot be read, or contradict each other."""
    path, found, names = "conda-meta/pinned", [], set()
    for text in snapshot.state.pinned:
        try:
            name = MatchSpec.parse(text).name
        except XcondaError as error:
            fix = f"correct or remove that line of {snapshot.prefix / path}."
            found.append(Finding(what=f"the pin `{text}`: {error.why}", path=path, fix=fix))
            continue
        if name in names:
            what = f"{name} is pinned more than once."
            found.append(Finding(what=what, path=path, fix="keep one of the lines."))
        names.add(name)
    return tuple(found)


def file_locking(snapshot: PrefixSnapshot) -> tuple[Finding, ...]:
    """Return that two processes could change the environment at once."""
    problem = snapshot.surroundings.lock_problem
    if not problem:
        return ()
    fix = "mount the file system with locks, or keep environments on another one."
    return (Finding(what=f"files cannot be locked there: {problem}.", fix=fix),)


def shadowing(snapshot: PrefixSnapshot) -> tuple[Finding, ...]:
    """Return what is loaded instead of what the environment has."""
    around = snapshot.surroundings
    found = [
        Finding(
            level="warning",
            what=f"{name} is set to {around.variables[name]}: {meaning}.",
            fix=f"`unset {name}` where you use the environment.",
        )
        for name, meaning in _SHADOWING.items()
        if around.variables.get(name)
    ]
    mine = {canonical_name(name): name for name in snapshot.state.installed}
    for project, version in sorted(around.user_projects.items()):
        name = mine.get(conda_name(project))
        if name is not None:
            there = snapshot.state.installed[name].record
            what = f"Python loads {project} {version} of {around.user_site}"
            fix = f"`export PYTHONNOUSERSITE=1`, or `python -m pip uninstall {project}`."
            what = f"{what}, not {there.version} of the environment."
            found.append(Finding(level="warning", what=what, package=there.name, fix=fix))
    if around.foreign_libraries:
        names = ", ".join(around.foreign_libraries[:3])
        more = " ..." if len(around.foreign_libraries) > 3 else ""
        what = f"LD_LIBRARY_PATH puts other libraries before the environment's: {names}{more}."
        fix = "`unset LD_LIBRARY_PATH` where you use the environment."
        found.append(Finding(level="warning", what=what, fix=fix))
    return tuple(found)


SURROUNDING_CHECKS: Final = (
    Check("environment-txt", "registered in ~/.conda/environments.txt", environment_txt),
    Check("requests-ca-bundle", "REQUESTS_CA_BUNDLE leads to certificates", requests_ca_bundle),
    Check("pinned", "conda-meta/pinned can be read", pinned),
    Check("file-locking", "files in the environment can be locked", file_locking),
    Check("shadowing", "what is loaded instead of the environment's", shadowing),
)
