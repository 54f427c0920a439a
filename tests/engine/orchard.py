"""A small world for questions: two channels in folders, and environments made from them."""

from dataclasses import dataclass
from pathlib import Path

from xconda_core.api import Engine, open_engine
from xconda_core.engine.requests import ChangeRequest
from xconda_core.testing.simulator import SimulatedPackage, a_channel, a_package

PACKAGES = (
    a_package("numpy", "1.26", depends=["blas"]),
    a_package("numpy", "2.0", depends=["blas"]),
    a_package("numpy", "2.3", depends=["blas"]),
    a_package("blas", "3.9"),
    a_package("pandas", "2.1", depends=["numpy <2", "dates >=1"]),
    a_package("pandas", "2.2", depends=["numpy", "dates >=1"]),
    a_package("dates", "1.0"),
    a_package("scipy", "1.15", depends=["numpy", "blas"]),
    a_package("lonely", "1.0", depends=["friend"]),
    a_package("friend", "1.0"),
    a_package("sqlite", "3.1", license="blessing"),
    a_package("sqlite", "3.1", build="mac", subdir="osx-arm64"),
    a_package(
        "opencv",
        "4.1",
        noarch="python",
        depends=["python"],
        files={"site-packages/cv2/__init__.py": b"", "site-packages/cv2/data.txt": b""},
    ),
    a_package("python", "3.12.1", subdir="linux-64"),
    a_package("libsql", "1.0", constrains=["sqlite >=3"]),
)


@dataclass(frozen=True)
class Orchard:
    """A home with a channel of its own.

    Attributes:
        home: Everything is in it.
    """

    home: Path

    @property
    def channel(self) -> str:
        return (self.home / "channel").as_uri()

    def engine(self, **settings: object) -> Engine:
        overrides = {"channels": (self.channel,), "subdir": "linux-64", **settings}
        return open_engine(overrides=overrides, environ=self.environ)

    @property
    def environ(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "PATH": "/usr/bin:/bin",
            "CONDA_PKGS_DIRS": str(self.home / "pkgs"),
            "CONDA_ENVS_DIRS": str(self.home / "envs"),
            "CONDA_ROOT_PREFIX": str(self.home / "root"),
            "CONDA_CHANNELS": self.channel,
            "CONDA_SUBDIR": "linux-64",
        }

    def environment(self, *specs: str, name: str = "demo") -> Path:
        """Make an environment (or add to it) and return where it is."""
        prefix = self.home / "envs" / name
        engine, verb = self.engine(), "install" if prefix.exists() else "create"
        request = ChangeRequest(verb=verb, prefix=prefix, specs=specs)  # type: ignore[arg-type]
        engine.execute(engine.plan(request))
        return prefix


def an_orchard(folder: Path, packages: tuple[SimulatedPackage, ...] = PACKAGES) -> Orchard:
    """Return the world in ``folder``."""
    a_channel(folder / "channel", packages, subdirs=("linux-64", "osx-arm64", "noarch"))
    return Orchard(folder)
