"""What a user reads when conda-forge says no. Each text is judged by reading it.

To accept a changed text, delete its file and run the test twice.
"""

from pathlib import Path

import pytest

from tests.solver.readable import asking, environment, fulfilled
from xconda_core.errors import XcondaError
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.repodata.channel_index import ChannelIndex

pytestmark = pytest.mark.shared

TEXTS = Path(__file__).parents[1] / "snapshots" / "conflicts"
OLD_PYTHON = "python 3.10.14 hd12c33a_0_cpython"
MACHINE = (
    VirtualPackage("__unix"),
    VirtualPackage("__linux", "5.15.0"),
    VirtualPackage("__glibc", "2.35"),
    VirtualPackage("__archspec", "1", "x86_64_v3"),
)
NEW = environment("")

REFUSALS: dict[str, tuple[list[str], EnvironmentState, list[str]]] = {
    "two-requests": (["python=3.9", "numpy=2.5"], NEW, []),
    "a-package-in-between": (["python=3.11", "pandas=2.1", "numpy=2.0"], NEW, []),
    "a-fact-of-the-machine": (["python=3.15", "tensorflow"], NEW, []),
    "deep": (["python=3.13", "jupyterlab", "geopandas", "gdal=3.8.4"], NEW, []),
    "only-old-versions-fit": (["python=3.9", "scipy>=1.15"], NEW, []),
    "nothing-provides-it": (["tensorflow=2.14"], NEW, []),
    "libraries-apart": (["libarrow=14", "pyarrow=21"], NEW, []),
    "below-the-surface": (["libgdal=3.6", "libarrow=20"], NEW, []),
    "every-version": (["qgis", "python=3.9"], NEW, []),
    "against-a-pin": (["numpy=2.5"], NEW, ["python=3.10"]),
    "against-installed-python": (["numpy=2.5"], environment(OLD_PYTHON), []),
    "against-history": (
        ["scipy>=1.16"],
        environment("numpy 1.21.6 py39h18676bf_0", requested="numpy=1.21"),
        [],
    ),
    "misspelt": (["matplotlb"], NEW, []),
    "no-such-version": (["numpy=0.1"], NEW, []),
    "no-such-build": (["numpy=2.2=py27*"], NEW, []),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_reads_as_it_was_approved(name: str, conda_forge: ChannelIndex) -> None:
    wanted, state, pins = REFUSALS[name]

    request = asking(conda_forge, state, *wanted, pinned_packages=pins, virtual_packages=MACHINE)

    with pytest.raises(XcondaError) as refusal:
        fulfilled(request)
    assert f"{refusal.value}\n" == approved(name, f"{refusal.value}\n")


def test_a_machine_with_an_old_libc_is_told_so(conda_forge: ChannelIndex) -> None:
    old = (VirtualPackage("__unix"), VirtualPackage("__linux"), VirtualPackage("__glibc", "2.12"))

    with pytest.raises(XcondaError) as refusal:
        fulfilled(asking(conda_forge, NEW, "numpy=2.5", virtual_packages=old))

    assert f"{refusal.value}\n" == approved("old-libc", f"{refusal.value}\n")


def approved(name: str, text: str) -> str:
    file = TEXTS / f"{name}.txt"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        pytest.fail(f"{file.name} is new: read it")
    return file.read_text(encoding="utf-8")
