"""What the package list of a platform folder is called, in each form it is served in.

Layer: repodata. Pure. Sources: CEP 16 (shards), CEP 26 and 36 (``repodata.json``). Shards are best,
for only the names that are asked for travel; then the compressed document, then the plain one.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from xconda_core.values import NamedTuple

WHOLE: Final = "repodata.json"
SHARDS: Final = "repodata_shards.msgpack.zst"
_COMPRESSED: Final = ".zst"


class ListForms(NamedTuple):
    """Which forms of package lists are asked for.

    Attributes:
        name: What the list is called: ``repodata.json`` has everything, other ones
            (``current_repodata.json``) a part of it.
        shards: ``repodata_use_shards``.
        zst: ``repodata_use_zst``.
    """

    name: str = WHOLE
    shards: bool = True
    zst: bool = True

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files, best first."""
        shards = (SHARDS,) if self.shards and self.name == WHOLE else ()
        compressed = (self.name + _COMPRESSED,) if self.zst else ()
        return (*shards, *compressed, self.name)

    @property
    def patches(self) -> str:
        """The name of the file of patches of the list (JLAP)."""
        return f"{self.name.removesuffix('.json')}.jlap"

    @property
    def instead(self) -> "ListForms | None":
        """The forms of the whole list, where this one is a part of it."""
        return None if self.name == WHOLE else self._replace(name=WHOLE)


Patcher = Callable[..., Any]  # patching.newest, which is loaded where it is wanted


class ListRules(NamedTuple):
    """Which package lists are asked for, and what is made of them.

    Attributes:
        forms: The lists; where a folder has not a part that is asked for, its whole list.
        as_kept: ``use_index_cache``: no server is asked for a list, however old what is kept is.
        empty_allowed: ``allow_non_channel_urls``: what is no channel is one without packages.
        ignore_timestamps: ``solver_ignore_timestamps``: of builds that are else the same the later
            is not preferred.
        packages: Returns the records of packages that are cached, each a JSON document; offline
            they count as listed.
        patcher: Brings a list up to date by patches (``patching.newest``); None: none are used.
    """

    forms: ListForms = ListForms()
    as_kept: bool = False
    empty_allowed: bool = False
    ignore_timestamps: bool = False
    packages: Callable[[], Iterable[bytes]] = tuple
    patcher: Patcher | None = None
