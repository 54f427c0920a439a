"""Bring package lists here, and offline what the package caches hold instead. Layer: repodata."""

from contextlib import suppress

from xconda_core.events import Noticed
from xconda_core.models.channel import Channel
from xconda_core.repodata.channel_index import FolderRecords
from xconda_core.repodata.folder_source import FolderSource, RepodataNotCached
from xconda_core.repodata.forms import ListForms
from xconda_core.repodata.kept_list import KeptList, Terms
from xconda_core.repodata.packages_here import FolderHere, PackagesHere
from xconda_core.repodata.published import Folder


class Bringing:
    """Brings the lists of one run here."""

    def __init__(self, terms: Terms) -> None:
        """Keep how lists are to be got; nothing is read or opened yet."""
        self._terms = terms
        self._here = PackagesHere(terms.rules.packages)

    def records(self, folder: Folder, channel: Channel) -> FolderRecords | None:
        """Return what is known of ``folder``; offline, with what the package caches hold."""
        if not self._terms.offline or channel.scheme == "file":
            return self._listed(folder, channel)
        here = self._here.of(folder, only_tar_bz2=self._terms.only_tar_bz2)
        try:
            listed = self._listed(folder, channel)
        except RepodataNotCached:
            if here is None:
                raise
            if len(here):
                text = "offline, and its package list is not here: packages that are cached count."
                self._terms.report(Noticed("info", f"{folder}: {text}"))
            return FolderHere(None, here)
        return listed if here is None else FolderHere(listed, here)

    def _listed(self, folder: Folder, channel: Channel) -> FolderRecords | None:
        """Return the list that is asked for, or the whole one where the folder has it not."""
        forms = self._terms.rules.forms
        if forms.instead is not None:
            with suppress(RepodataNotCached):
                records = self._source(folder, channel, forms).records()
                if records is not None:
                    return records
        return self._source(folder, channel, forms.instead or forms).records()

    def anew(self, kept: KeptList) -> bytes:
        """Return the list of shards ``kept`` from its server; raises what fetching it does."""
        return FolderSource(kept).anew()

    def is_unlisted(self, records: FolderRecords) -> bool:
        """Whether ``records`` are of packages that are cached, and of no list."""
        return isinstance(records, FolderHere) and records.listed is None

    def _source(self, folder: Folder, channel: Channel, forms: ListForms) -> FolderSource:
        address = channel.url_with_credentials(folder.subdir)
        return FolderSource(KeptList(folder, address, self._terms, forms))
