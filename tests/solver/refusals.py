"""Requests that real channels cannot meet, of as many kinds as there are in practice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.solver.conftest import CHANNELS, document
from tests.solver.readable import asking, environment
from xconda_core.events import silent
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.exclude_newer import PublicationLimits
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.repodata.channel_index import ChannelIndex, ChannelRecords
from xconda_core.solver.request import Request

NEW = environment("")
OLD_PYTHON = "python 3.10.14 hd12c33a_0_cpython"
LINUX = (
    VirtualPackage("__unix"),
    VirtualPackage("__linux", "5.15.0"),
    VirtualPackage("__glibc", "2.35"),
    VirtualPackage("__archspec", "1", "x86_64_v3"),
)
OLD_LINUX = (
    VirtualPackage("__unix"),
    VirtualPackage("__linux"),
    VirtualPackage("__glibc", "2.12"),
)
GPU = (*LINUX, VirtualPackage("__cuda", "12.4"))
OLD_GPU = (*LINUX, VirtualPackage("__cuda", "11.4"))
OLD_MAC = (VirtualPackage("__unix"), VirtualPackage("__osx", "10.15"))
WINDOWS = (VirtualPackage("__win", "10"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A request, and what makes it impossible.

    Attributes:
        asks: MatchSpec texts.
        state: What is there.
        more: Other fields of the request, or of its rules.
        machine: What the machine is.
        channels: Highest priority first.
        subdir: The platform.
        before: Day after which nothing may have been published.
    """

    asks: tuple[str, ...]
    state: EnvironmentState = NEW
    more: Mapping[str, Any] = field(default_factory=dict)
    machine: tuple[VirtualPackage, ...] = LINUX
    channels: tuple[str, ...] = ("conda-forge",)
    subdir: str = "linux-64"
    before: str = ""

    def request(self) -> Request:
        """Return the request."""
        index = index_of(self.channels, self.subdir, self.before)
        return asking(index, self.state, *self.asks, virtual_packages=self.machine, **self.more)


@cache
def index_of(channels: tuple[str, ...], subdir: str, before: str = "") -> ChannelIndex:
    """Return what channels have for a platform."""
    records = [
        ChannelRecords(
            channel,
            tuple(
                document(channel, folder)
                for folder in (subdir, "noarch")
                if (CHANNELS / channel / folder).is_dir()
            ),
        )
        for channel in channels
    ]
    return ChannelIndex(records, "strict", silent, PublicationLimits.at(0, before, (), {}))


def asks(*texts: str, **more: Any) -> Refusal:
    """Return a request of a new environment, on conda-forge."""
    return Refusal(asks=texts, more=more)


NUMPY_OF_310 = "numpy 1.26.4 py310_0 needs python >=3.10,<3.11.0a0 and python_abi 3.10.* *_cp310"

REFUSALS: Mapping[str, Refusal] = {
    # two requests, and what stands between them
    "two-requests": asks("python=3.9", "numpy=2.5"),
    "a-package-in-between": asks("python=3.11", "pandas=2.1", "numpy=2.0"),
    "deep": asks("python=3.13", "jupyterlab", "geopandas", "gdal=3.8.4"),
    "deeper": asks("python=3.8", "jupyterlab"),
    "only-old-versions-fit": asks("python=3.9", "scipy>=1.15"),
    "libraries-apart": asks("libarrow=14", "pyarrow=21"),
    "below-the-surface": asks("libgdal=3.6", "libarrow=20"),
    "every-version": asks("qgis", "python=3.9"),
    "noarch-and-python": asks("python=3.9", "jupyterlab>=4.5", "numpy"),
    "the-same-name-twice": asks("numpy>=2", "pandas", "numpy<2"),
    "three-at-once": asks("python=3.12", "numba=0.57", "numpy>=2", "pandas"),
    "two-conflicts-at-once": asks(
        "python=3.11", "tensorflow=2.15", "numpy>=2", "pandas>=2.2", "protobuf=3.20"
    ),
    "a-compiled-library": asks("protobuf=4.25", "libprotobuf=5"),
    "openssl-generations": asks("openssl=1.1", "python=3.13", "requests"),
    "r-generations": asks("r-base=4.2", "r-ggplot2>=3.5.1"),
    "a-constraint": asks("sqlalchemy=1.4", "pandas=3"),
    "generations-of-notebooks": asks("jupyterlab=3", "notebook=7", "python=3.12"),
    "through-an-optional-part": asks("pydantic=1", "fastapi>=0.130"),
    # variants
    "blas-variants": asks("blas=*=openblas", "libblas=*=*mkl", "numpy"),
    "mkl-unwanted": asks("nomkl", "pytorch=2.9.*=*mkl*"),
    "mpi-variants": asks("mpi=*=mpich", "hdf5=*=mpi_openmpi*"),
    "openmp-variants": asks("_openmp_mutex=*=*gnu", "pytorch=2.9.*=cpu_mkl*_101"),
    "free-threaded-python": asks("python=3.13.*=*_cp313t", "numba"),
    # facts of the machine
    "a-fact-of-the-machine": asks("python=3.15", "tensorflow"),
    "nothing-provides-it": asks("tensorflow=2.14"),
    "no-gpu": asks("pytorch=2.9.*=cuda*", "python=3.12"),
    "old-driver": Refusal(asks=("cuda-version=12.9", "pytorch"), machine=OLD_GPU),
    "another-cuda": Refusal(asks=("cupy", "cuda-version=11.8"), machine=GPU),
    "old-libc": Refusal(asks=("numpy=2.5",), machine=OLD_LINUX),
    "old-macos": Refusal(asks=("numpy=2.5",), machine=OLD_MAC, subdir="osx-arm64"),
    "for-windows-only": asks("ipykernel=7.*=pyh6dadd2b*"),
    "a-fact-as-a-request": asks("__cuda>=12", "pytorch"),
    # the environment
    "against-a-pin": asks("numpy=2.5", pinned_packages=["python=3.10"]),
    "the-pinned-package-itself": asks("python=3.12", pinned_packages=["python=3.10"]),
    "two-pins": Refusal(
        asks=("scipy",), state=environment("", pinned=["numpy=1.21", "python=3.13"])
    ),
    "pins-of-one-name": asks("pandas", pinned_packages=["numpy<2", "numpy>=2.1"]),
    "excluded-by-the-user": asks(
        "pandas>=3", "python=3.13", excluded=["numpy>=2"], excluded_by="~/.condarc"
    ),
    "against-installed-python": Refusal(asks=("numpy=2.5",), state=environment(OLD_PYTHON)),
    "against-history": Refusal(
        asks=("scipy>=1.16",),
        state=environment("numpy 1.21.6 py39h18676bf_0", requested="numpy=1.21"),
    ),
    "rivals": Refusal(
        asks=("mkl",), state=environment("nomkl 1.0 allows mkl <0.a0", requested="nomkl")
    ),
    "new-python-against-history": Refusal(
        asks=("python=3.13",),
        state=environment(f"{OLD_PYTHON}\n{NUMPY_OF_310}", requested="python=3.10; numpy=1.26"),
    ),
    "frozen": Refusal(
        asks=("pandas=2.3",),
        state=environment("numpy 1.21.6 py310h45f3432_0"),
        more={"update": "frozen"},
    ),
    "frozen-python": Refusal(
        asks=("scipy>=1.16",), state=environment(OLD_PYTHON), more={"update": "frozen"}
    ),
    # nothing of that name, version or build
    "misspelt": asks("matplotlb"),
    "names-of-pypi": asks("sklearn", "opencv-python"),
    "no-such-version": asks("numpy=0.1"),
    "a-version-to-come": asks("python>=3.99", "numpy"),
    "between-versions": asks("pandas=2.4"),
    "no-such-build": asks("numpy=2.2=py27*"),
    "a-build-of-a-series": asks("pytorch=2.9=*mkl*", "python=3.12"),
    "no-such-feature": asks("numpy[track_features=nomkl]"),
    "no-such-pattern": asks("*-nightly=99"),
    # channels
    "hidden-by-a-channel": Refusal(asks=("pytorch=2.9",), channels=("pytorch", "conda-forge")),
    "a-dependency-hidden-by-a-channel": Refusal(
        asks=("libtorch=2.9", "pytorch"), channels=("pytorch", "nvidia", "conda-forge")
    ),
    "an-older-channel-first": Refusal(
        asks=("pytorch=2.5", "numpy=2.2", "python=3.13"),
        channels=("pytorch", "nvidia", "conda-forge"),
    ),
    "published-later": Refusal(asks=("jupyterlab=4.5",), before="2025-01-01"),
    "a-dependency-that-no-channel-has": asks("weasel"),
}
