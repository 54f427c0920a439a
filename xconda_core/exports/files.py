"""Files and folders, by the names of ``conda.exports``. Layer: exports."""

import hashlib
import os
from pathlib import Path
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.engine.opening import open_engine
from xconda_core.engine.unowned_files import loose_files
from xconda_core.environment.prefix import read_state
from xconda_core.files.removal import remove_file, remove_tree
from xconda_core.models.channel_url import file_url
from xconda_core.net.download import download as _download

_NOT_AN_ENVIRONMENTS: Final = {
    "pkgs", "envs", "conda-bld", "conda-meta", ".conda_lock", "users", "LICENSE.txt", "info",
    "conda-recipes", ".index", ".unionfs", ".nonadmin",
}  # fmt: skip


def rm_rf(path: str | Path, max_retries: int = 5, trash: bool = True) -> None:
    """Remove a file, link or folder, there or not.

    ``max_retries`` and ``trash`` have no effect: what is in use is tried again for a second, and
    nothing is left in a trash.

    Raises:
        OSError: the file system refused.
    """
    del max_retries, trash
    if not remove_file(path):
        remove_tree(Path(path))


def hash_file(path: str | Path, mechanism: str = "md5") -> str:
    """Return the hexadecimal digest of a file.

    Raises:
        OSError: it cannot be read.
        ValueError: ``mechanism`` is not known.
    """
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, mechanism).hexdigest()


def md5_file(path: str | Path) -> str:
    """Return the MD5 of a file; raises as :func:`hash_file`."""
    return hash_file(path, "md5")


def hashsum_file(path: str | Path, mode: str = "md5") -> str:
    """Return a digest of a file; raises as :func:`hash_file`."""
    return hash_file(path, mode)


compute_md5sum = md5_file


def download(
    url: str,
    dst_path: str | Path,
    session: object = None,
    md5sum: str | None = None,
    urlstxt: bool = False,
    retries: int = 3,
    sha256: str | None = None,
    size: int | None = None,
) -> None:
    """Bring ``url`` to ``dst_path``, verified, with the configured network.

    ``session``, ``urlstxt`` and ``retries`` have no effect: the settings say how often.

    Raises:
        DownloadDamaged: size (bytes) or digest differ; nothing is left behind.
        HttpRefused, NetworkFailed: it did not come.
        FileOperationFailed: it cannot be written.
    """
    del session, urlstxt, retries
    cancel = CancelToken()
    _download(
        open_engine().wiring.fetcher(cancel),
        url if "://" in url else file_url(os.path.abspath(url)),  # noqa: PTH100
        Path(dst_path),
        size=size,
        sha256=sha256,
        md5=md5sum,
        report=_tell_nobody,
        cancel=cancel,
    )


def _tell_nobody(done: int, total: int) -> None:
    del done, total


def url_path(url: str) -> str:
    """Return a path as an address; an address stays as it is."""
    return url if "://" in url else file_url(os.path.abspath(url))  # noqa: PTH100


def walk_prefix(
    prefix: str | Path, ignore_predefined_files: bool = True, windows_forward_slashes: bool = True
) -> set[str]:
    """Return every file and link of an environment, relative to it, with ``/``.

    Args:
        prefix: The environment.
        ignore_predefined_files: Leave out what is no part of an environment: ``conda-meta``, what
            base has besides (``pkgs``, ``envs`` ...).
        windows_forward_slashes: Has no effect: there are no other slashes here.
    """
    del windows_forward_slashes
    root = os.fspath(prefix)
    found: set[str] = set()
    for folder, folders, names in os.walk(root):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        ignored = _NOT_AN_ENVIRONMENTS if ignore_predefined_files and folder == root else set()
        folders[:] = [name for name in folders if name not in ignored]
        below = os.path.relpath(folder, root).replace(os.sep, "/")
        start = "" if below == "." else f"{below}/"
        found.update(start + name for name in (*names, *links) if name not in ignored)
    return found


def untracked(prefix: str | Path, exclude_self_build: bool = False) -> set[str]:
    """Return the files of an environment that no package owns; byte code is nobody's.

    ``exclude_self_build`` has no effect.

    Raises:
        PrefixDamaged: a file of its ``conda-meta`` is not what it should be.
    """
    del exclude_self_build
    found = loose_files(Path(prefix), read_state(Path(prefix)))
    return {path for path in found if not path.endswith("~")}
