"""A user of one's own: home, caches, environments and configuration below one folder.

Layer: testing. Nothing of the machine's own configuration counts, and nothing outside is written.
"""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from xconda_core.cancel import CancelToken
from xconda_core.engine.engine import Engine
from xconda_core.engine.opening import open_engine
from xconda_core.engine.requests import ChangeRequest
from xconda_core.errors import Json
from xconda_core.events import Reporter, silent
from xconda_core.in_process import CommandResult, run_command
from xconda_core.testing.simulator import SimulatedPackage, a_channel
from xconda_core.values import Slotted, dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Home(Slotted):
    """Where such a user lives.

    Attributes:
        folder: The home.
        environ: Environment variables of its commands; nothing of this process's but PATH.
    """

    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def envs(self) -> Path:
        """Folder of named environments."""
        return self.folder / "envs"

    @property
    def pkgs(self) -> Path:
        """The package cache."""
        return self.folder / "pkgs"

    def with_variables(self, **variables: str) -> "Home":
        """Return the same home with more environment variables."""
        return replace(self, environ={**self.environ, **variables})

    def with_channel(self, packages: Iterable[SimulatedPackage], name: str = "channel") -> "Home":
        """Return the same home with a channel of ``packages``, the only one that is configured."""
        channel = a_channel(self.folder / "channels" / name, packages)
        return self.with_variables(CONDA_CHANNELS=channel.as_uri())

    def condarc(self, text: str) -> None:
        """Write the user's configuration file."""
        (self.folder / ".condarc").write_text(text, encoding="utf-8")

    def xconda(self, *words: str | Path) -> CommandResult:
        """Run a command line in this process; see ``run_command``."""
        return run_command(*words, environ=self.environ)

    def engine(self, prefix: Path | None = None) -> Engine:
        """Return an engine for this user."""
        return open_engine(prefix=prefix, environ=self.environ)

    def environment(self, name: str, *specs: str, report: Reporter = silent) -> Path:
        """Make an environment of ``specs`` from the configured channels, and return its prefix.

        Raises:
            XcondaError: it cannot be made.
        """
        prefix, engine, cancel = self.envs / name, self.engine(), CancelToken()
        request = ChangeRequest(verb="create", prefix=prefix, specs=specs)
        engine.execute(engine.plan(request, report, cancel), report, cancel)
        return prefix


def a_home(folder: Path) -> Home:
    """Make ``folder`` the home of a user who has configured nothing, on ``linux-64``."""
    folder.mkdir(parents=True, exist_ok=True)
    variables = {
        "HOME": str(folder),
        "PATH": os.defpath,
        "CONDA_ROOT_PREFIX": str(folder / "base"),
        "CONDA_ENVS_DIRS": str(folder / "envs"),
        "CONDA_PKGS_DIRS": str(folder / "pkgs"),
        "CONDA_SUBDIR": "linux-64",
        "XCONDA_SEARCH_PATH": str(folder / ".condarc"),
    }
    return Home(folder, variables)


def say_notices(channel: Path, *notices: Mapping[str, Json]) -> None:
    """Let the channel at ``channel`` have messages for its users (CEP 6).

    ``say_notices(channel, {"id": "1", "message": "thank you", "level": "info"})``.
    """
    document = {"notices": [dict(notice) for notice in notices]}
    (channel / "notices.json").write_text(json.dumps(document), encoding="utf-8")
