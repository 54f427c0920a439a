"""The names that build tools import from ``conda.exports``, as thin calls of this package's own.

Layer: above the command line, beside the worker. ``docs/exports.md`` lists every name, and for
those that are not here what to use. Values that the configuration decides (``root_dir``,
``envs_dirs`` ...) are worked out each time they are asked for; nothing is kept here.
"""

from tempfile import TemporaryDirectory
from typing import Any, Final

from xconda_core.engine.opening import open_engine
from xconda_core.engine.source_problems import FileMissing
from xconda_core.errors import XcondaError
from xconda_core.exports.actions import display_actions, human_bytes
from xconda_core.exports.configured import (
    CONFIGURED,
    get_default_urls,
    get_local_urls,
    get_rc_urls,
    load_condarc,
)
from xconda_core.exports.dropped import DROPPED
from xconda_core.exports.files import (
    compute_md5sum,
    download,
    hash_file,
    hashsum_file,
    md5_file,
    rm_rf,
    untracked,
    url_path,
    walk_prefix,
)
from xconda_core.exports.packages import (
    Dist,
    dist_str_in_index,
    get_index,
    is_linked,
    linked,
    linked_data,
    package_cache,
)
from xconda_core.exports.path_lists import unix_path_to_win, win_path_to_unix
from xconda_core.exports.specs import (
    normalized_version,
    spec_from_line,
    specs_from_args,
    specs_from_url,
)
from xconda_core.files.failures import FileOperationFailed
from xconda_core.files.locks import Locked
from xconda_core.in_process import CommandResult, run_command
from xconda_core.models.channel import Channel
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.version import Version
from xconda_core.net.failures import HttpRefused
from xconda_core.solver.not_found import PackagesNotFound
from xconda_core.solver.unsatisfiable import Unsatisfiable
from xconda_core.transaction.prefix_rewrite import PrefixTooLong

__all__ = [
    "PREFIX_PLACEHOLDER",
    "_PREFIX_PLACEHOLDER",
    "Channel",
    "CommandResult",
    "CondaError",
    "CondaFileNotFoundError",
    "CondaHTTPError",
    "CondaOSError",
    "Dist",
    "LinkError",
    "LockError",
    "MatchSpec",
    "NoPackagesFound",
    "NoPackagesFoundError",
    "PackageRecord",
    "PaddingError",
    "PathNotFoundError",
    "ResolvePackageNotFound",
    "TemporaryDirectory",
    "Unsatisfiable",
    "UnsatisfiableError",
    "VersionOrder",
    "compute_md5sum",
    "display_actions",
    "dist_str_in_index",
    "download",
    "get_conda_build_local_url",
    "get_default_urls",
    "get_index",
    "get_local_urls",
    "get_rc_urls",
    "hash_file",
    "hashsum_file",
    "human_bytes",
    "is_linked",
    "linked",
    "linked_data",
    "load_condarc",
    "md5_file",
    "non_x86_linux_machines",
    "non_x86_machines",
    "normalized_version",
    "package_cache",
    "prefix_placeholder",
    "rm_rf",
    "run_command",
    "spec_from_line",
    "specs_from_args",
    "specs_from_url",
    "unix_path_to_win",
    "untracked",
    "url_path",
    "walk_prefix",
    "win_path_to_unix",
]

PREFIX_PLACEHOLDER: Final = "/opt/anaconda1anaconda2anaconda3"
prefix_placeholder = _PREFIX_PLACEHOLDER = PREFIX_PLACEHOLDER
non_x86_machines: Final = frozenset(
    {"armv6l", "armv7l", "aarch64", "arm64", "ppc64", "ppc64le", "riscv64", "s390x"}
)
non_x86_linux_machines = non_x86_machines

get_conda_build_local_url = get_local_urls
VersionOrder = Version

CondaError = XcondaError
CondaHTTPError = HttpRefused
CondaOSError = LinkError = FileOperationFailed
CondaFileNotFoundError = PathNotFoundError = FileMissing
LockError = Locked
PaddingError = PrefixTooLong
NoPackagesFound = NoPackagesFoundError = ResolvePackageNotFound = PackagesNotFound
UnsatisfiableError = Unsatisfiable


def __getattr__(name: str) -> Any:
    if name in CONFIGURED:
        return CONFIGURED[name](open_engine())
    if name in DROPPED:
        raise AttributeError(f"xconda_core.exports has no {name}: use {DROPPED[name]}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *CONFIGURED})
