"""Health checks of packages: what they ask for, Python's version, pip. Layer: environment. Pure."""

from collections.abc import Iterator
from typing import Final

from xconda_core.environment.health import Check, Finding, PrefixSnapshot
from xconda_core.environment.python_requirements import unmet_requirements
from xconda_core.errors import XcondaError
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.python_package import canonical_name
from xconda_core.repodata.memory_index import MemoryIndex
from xconda_core.solver.consistency import lacks
from xconda_core.solver.request import Request
from xconda_core.transaction.python_layout import layout_of
from xconda_core.values import replace


def consistency(snapshot: PrefixSnapshot) -> tuple[Finding, ...]:
    """Return what packages, of conda and of pip, ask for in vain."""
    return (*_of_conda(snapshot), *_of_pip(snapshot))


def _of_conda(snapshot: PrefixSnapshot) -> Iterator[Finding]:
    records = {name: each.record for name, each in snapshot.state.installed.items()}
    request = Request(
        verb="install",
        index=MemoryIndex(records.values()),
        state=snapshot.state,
        virtual_packages=snapshot.surroundings.virtual_packages,
    )
    for name, record in records.items():
        for text in lacks(records, name, request):
            yield _lack(snapshot, record, text)


def _lack(snapshot: PrefixSnapshot, record: PackageRecord, text: str) -> Finding:
    is_constraint = text in record.constrains
    verb = "stands against" if is_constraint else "needs"
    what = f"{record.name} {record.version} {verb} {text}, which "
    name, provider = _provided_by_pip(snapshot, text)
    if provider is not None:
        told = f"only pip's {provider.name} {provider.version} is."
        return Finding(level="warning", what=f"{what}{told}", package=record.name, fix=_BY_CONDA)
    installed = snapshot.state.installed.get(name)
    if installed is None:
        told = "is not installed."
    else:
        told = f"{installed.record.version} {installed.record.build} is not."
    fix = f'`xconda install "{text}"`, or `xconda update --all`.'
    return Finding(what=f"{what}{told}", package=record.name, fix=fix)


def _provided_by_pip(snapshot: PrefixSnapshot, text: str) -> tuple[str, PackageRecord | None]:
    try:
        spec = MatchSpec.parse(text)
    except XcondaError:
        return "", None
    package = snapshot.state.python_packages.get(canonical_name(spec.name))
    if package is None or spec.name in snapshot.state.installed:
        return spec.name, None
    record = replace(package.record, name=spec.name)
    return spec.name, record if spec.matches(record) else None


def _of_pip(snapshot: PrefixSnapshot) -> Iterator[Finding]:
    for package, requirement, there in unmet_requirements(snapshot.state):
        told = f"{there} is there" if there else "it is not there"
        yield Finding(
            what=f"{package.project} {package.version} of pip needs {requirement}, and {told}.",
            package=package.name,
            fix="`python -m pip check` says the same; install what it needs.",
        )


def python_version(snapshot: PrefixSnapshot) -> tuple[Finding, ...]:
    """Return the Python packages that lie where the installed Python does not look."""
    installed = snapshot.state.installed
    python = installed.get("python")
    homeless = [name for name, each in installed.items() if each.record.noarch == "python"]
    if python is None:
        return tuple(
            Finding(
                what=f"{name} is a Python package, and there is no Python.",
                package=name,
                fix="`xconda install python`.",
            )
            for name in homeless
        )
    layout = layout_of(python.record, python.record.subdir)
    found = []
    if not layout.version.replace(".", "").isdigit():
        what = f"the record of python names no version: {python.record.version!r}."
        fix = "`xconda install --force-reinstall python`."
        found.append(Finding(what=what, package="python", fix=fix))
    for name in homeless:
        files = [path for path in installed[name].files if "/site-packages/" in path]
        elsewhere = [path for path in files if not path.startswith(f"{layout.site_packages}/")]
        if elsewhere:
            what = (
                f"{name} lies in {_folder(elsewhere[0])}; Python looks in {layout.site_packages}."
            )
            fix = f"`xconda install --force-reinstall {name}`."
            found.append(Finding(what=what, package=name, path=elsewhere[0], fix=fix))
    return tuple(found)


def _folder(path: str) -> str:
    before, mark, _ = path.partition("/site-packages/")
    return before + mark.rstrip("/")


def pip_overwrites(snapshot: PrefixSnapshot) -> tuple[Finding, ...]:
    """Return what pip installed over packages of conda."""
    spelt = {canonical_name(name): name for name in snapshot.state.installed}
    found = []
    for name, package in snapshot.state.python_packages.items():
        taken = [p for p in snapshot.python_files.get(name, ()) if p in snapshot.owned]
        owners = sorted(
            {snapshot.owned[path].package for path in taken}
            | ({spelt[name]} if name in spelt else set())
        )
        if not owners:
            continue
        what = f"{package.project} {package.version} of pip lies over conda's {', '.join(owners)}"
        found.append(
            Finding(
                what=f"{what} ({len(taken)} files are both's)." if taken else f"{what}.",
                package=owners[0],
                path=package.anchor,
                fix=f"`xconda install --force-reinstall {owners[0]}` makes it conda's alone.",
            )
        )
    return tuple(found)


def python_metadata(snapshot: PrefixSnapshot) -> tuple[Finding, ...]:
    """Return the Python projects whose metadata cannot be read."""
    return tuple(
        Finding(
            level="warning",
            what=f"{problem[0].upper()}{problem[1:]}",
            path=problem.partition(" is passed over")[0],
            fix="remove what is left of it, or install it again.",
        )
        for problem in snapshot.state.python_problems
    )


_BY_CONDA: Final = "conda's package would be brought beside it; `pip_interop_enabled` accepts it."

PACKAGE_CHECKS: Final = (
    Check("consistency", "what packages ask for in vain", consistency),
    Check("python-version", "Python packages where Python does not look", python_version),
    Check("python-metadata", "Python projects that tell nothing of themselves", python_metadata),
    Check("pip-overwrites", "what pip installed over conda's packages", pip_overwrites),
)
