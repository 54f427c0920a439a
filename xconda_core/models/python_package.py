"""A Python project that is in an environment without being a conda package. Layer: models.

Source: PEP 503 (names), PEP 440 (versions), PEP 376 and PEP 660 (what is written beside a project).
"""

import re
from typing import Final, Literal

from xconda_core.models.package_record import PackageRecord
from xconda_core.regex import regex
from xconda_core.values import Slotted, dataclass

PythonPackageKind = Literal["dist-info", "egg-info", "egg-link"]

PYPI: Final = "pypi"
DEVELOP: Final = "<develop>"

# Names that conda channels changed by more than signs between words; the left one is the project's.
_CONDA_NAMES: Final = {
    "annoy": "python-annoy",
    "build": "python-build",
    "docker": "docker-py",
    "duckdb": "python-duckdb",
    "flatbuffers": "python-flatbuffers",
    "graphviz": "python-graphviz",
    "kaleido": "python-kaleido",
    "kubernetes": "python-kubernetes",
    "lmdb": "python-lmdb",
    "msgpack": "msgpack-python",
    "opencv-python": "py-opencv",
    "tables": "pytables",
    "torch": "pytorch",
    "tzdata": "python-tzdata",
    "xxhash": "python-xxhash",
}
_PROJECT_NAMES: Final = {conda: project for project, conda in _CONDA_NAMES.items()}
_IMPLICIT_POST: Final = regex(r"^(.*[0-9])-([0-9]+)$")


def canonical_name(name: str) -> str:
    """Return ``name`` as PEP 503 compares names: ``Ruamel.Yaml`` and ``ruamel_yaml`` are one."""
    return re.sub(r"[-_.]+", "-", name).lower()


def conda_name(project: str) -> str:
    """Return what conda channels call the Python project ``project``, in canonical spelling."""
    canonical = canonical_name(project)
    return _CONDA_NAMES.get(canonical, canonical)


def project_name(package: str) -> str:
    """Return what the Python project of the conda package ``package`` is called, canonically."""
    canonical = canonical_name(package)
    return _PROJECT_NAMES.get(canonical, canonical)


def conda_version(version: str) -> str:
    """Return a PEP 440 version as conda spells it: ``1.0-2`` is ``1.0.post2``, blanks go."""
    text = version.strip().lower().removeprefix("v")
    post = _IMPLICIT_POST.match(text)
    return f"{post[1]}.post{post[2]}" if post else text.replace("-", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonPackage(Slotted):
    """One Python project that no conda package of its environment brought.

    Attributes:
        project: Its name as its metadata spells it.
        version: Its version as its metadata spells it.
        kind: What tells of it: a ``.dist-info`` folder (PEP 376), an ``.egg-info`` folder or file
            (setuptools and distutils), or an ``.egg-link`` to where it is developed.
        anchor: That folder or file, relative to the prefix, ``/`` between parts.
        requires: Its requirements as written (PEP 508).
        source: Where it is developed, for an ``.egg-link``; empty for others.
    """

    project: str
    version: str
    kind: PythonPackageKind
    anchor: str
    requires: tuple[str, ...] = ()
    source: str = ""

    @property
    def name(self) -> str:
        """What conda channels call it, in canonical spelling."""
        return conda_name(self.project)

    @property
    def record(self) -> PackageRecord:
        """The project as conda's lists show it: channel ``pypi``, build ``pypi_0``."""
        develops = self.kind == "egg-link"
        return PackageRecord(
            name=self.name,
            version=conda_version(self.version),
            build="dev_0" if develops else "pypi_0",
            channel=DEVELOP if develops else PYPI,
            subdir=PYPI,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPython(Slotted):
    """A Python project whose files are kept.

    Attributes:
        name: What conda channels would call it.
        project: Its own name.
        version: Its version.
        number: Which folder keeps it.
        paths: Its files, relative to the prefix.
    """

    name: str
    project: str
    version: str
    number: int
    paths: tuple[str, ...]
