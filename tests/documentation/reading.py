"""The shell of somebody who reads the pages, and small channels in place of the real ones.

Names and versions are those of real packages; what is in them is not. ``python`` starts the Python
that runs the tests.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.scenarios.guide_session import Shell
from xconda_core.testing.channel_server import serve
from xconda_core.testing.simulator import SimulatedPackage, a_channel, a_package

KERNEL = json.dumps(
    {
        "argv": ["python", "-m", "ipykernel", "-f", "{connection_file}"],
        "display_name": "Python 3",
        "language": "python",
    }
).encode()


def a_python(version: str) -> SimulatedPackage:
    series = version.rpartition(".")[0]
    script = (
        f"#!/bin/sh\n[ \"$1\" = --version ] && echo 'Python {version}' && exit\n"
        f'PYTHONPATH="${{0%/bin/*}}/lib/modules" exec "{sys.executable}" "$@"\n'
    )
    files = {f"bin/{name}": script.encode() for name in ("python", "python3", f"python{series}")}
    return a_package(
        "python",
        version,
        subdir="linux-64",
        depends=["openssl >=3"],
        files=files,
        executables=list(files),
        python_site_packages_path=f"lib/python{series}/site-packages",
        license="PSF-2.0",
    )


def a_library(name: str, version: str, *depends: str) -> SimulatedPackage:
    module = f'__version__ = "{version}"\n'.encode()
    return a_package(
        name, version, depends=["python >=3.11", *depends], files={f"lib/modules/{name}.py": module}
    )


CONDA_FORGE = (
    *(a_python(version) for version in ("3.11.9", "3.12.7", "3.13.1")),
    a_package("openssl", "3.3.2", license="Apache-2.0"),
    a_package("openssl", "3.4.0", license="Apache-2.0"),
    a_package("pip", "24.3.1", depends=["python"]),
    a_library("numpy", "1.26.4"),
    a_library("numpy", "2.0.2"),
    a_library("numpy", "2.1.3"),
    a_library("pandas", "2.1.4", "numpy >=1.26,<2"),
    a_library("pandas", "2.2.3", "numpy >=1.26"),
    a_library("scipy", "1.14.1", "numpy >=1.26"),
    a_package(
        "ipykernel",
        "6.29.5",
        depends=["python"],
        files={"share/jupyter/kernels/python3/kernel.json": KERNEL},
    ),
)
BIOCONDA = (a_package("samtools", "1.21", depends=["openssl"]),)


@contextmanager
def reader(folder: Path) -> Iterator[Shell]:
    """Yield a shell with a home of its own, where xconda was just installed."""
    channels = folder / "channels"
    if not channels.is_dir():
        a_channel(channels / "conda-forge", CONDA_FORGE)
        a_channel(channels / "bioconda", BIOCONDA)
    home = folder / "home"
    home.mkdir()
    with serve(channels) as server:
        environ = {
            "CONDA_ALWAYS_YES": "true",
            "CONDA_CHANNEL_ALIAS": server.url,
            "CONDA_SUBDIR": "linux-64",
            "LANG": "C.UTF-8",
        }
        shell = Shell(home, environ)
        try:
            yield shell
        finally:
            shell.leave()
