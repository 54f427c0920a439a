"""Where the records of an earlier revision are found again. Layer: engine."""

from collections.abc import Callable
from pathlib import Path

from xconda_core.environment.history import dist_text
from xconda_core.environment.revisions import known_records
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.repodata.index import Index


class FoundRecords:
    """Looks for a distribution in the snapshots, in the environment, and last in the channels.

    conda and mamba leave no snapshots and spell channels in their own ways, so a distribution that
    is not known by its whole text is known by its ``name-version-build``.
    """

    def __init__(
        self,
        prefix: Path,
        state: EnvironmentState,
        channel_alias: str,
        load_index: Callable[[], Index],
    ) -> None:
        installed = [package.record for package in state.installed.values()]
        self._exact = known_records(prefix, channel_alias)
        self._exact |= {dist_text(record, channel_alias): record for record in installed}
        self._by_tail = {record.dist_name: record for record in self._exact.values()}
        self._load_index = load_index
        self._index: Index | None = None

    def __call__(self, dist: str) -> PackageRecord | None:
        """Return the record that the history calls ``dist``, or None."""
        name_version_build = dist.rpartition("::")[2]
        return (
            self._exact.get(dist)
            or self._by_tail.get(name_version_build)
            or self._published(name_version_build)
        )

    def _published(self, name_version_build: str) -> PackageRecord | None:
        parts = name_version_build.rsplit("-", 2)
        if len(parts) < 3:  # a line of the history that no tool can have written
            return None
        name, version, build = parts
        if self._index is None:
            self._index = self._load_index()
        candidates = self._index.candidates(name)
        if candidates is None:
            return None
        pairs = zip(candidates.versions, candidates.builds, strict=True)
        for position, pair in enumerate(pairs):
            if pair == (version, build):
                return candidates.record(position)
        return None
