"""Translate the rows about archives, prefixes and ``noarch: python`` to our functions."""

import base64
from pathlib import Path
from typing import Any

from xconda_core.cancel import CancelToken
from xconda_core.events import silent
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.package_record import PackageRecord
from xconda_core.net.local import LocalFetcher
from xconda_core.package_cache.archive import read_index, stage_archive
from xconda_core.package_cache.cache import PackageCache
from xconda_core.transaction import noarch_python, prefix_rewrite
from xconda_core.transaction.execute import execute
from xconda_core.transaction.fetch import fetch_packages
from xconda_core.transaction.plan import HistoryEntry, Operation, Plan
from xconda_core.transaction.python_layout import PythonLayout, layout_of
from xconda_core.transaction.rules import LinkRules


def replace_prefix(mode: Any, data: bytes, placeholder: str, new_prefix: str, subdir: str) -> bytes:
    return prefix_rewrite.replace_prefix(data, mode, placeholder, new_prefix, subdir)


def _layout(version: str, subdir: str) -> PythonLayout:
    return layout_of(PackageRecord(name="python", version=version, build="0"), subdir)


def entry_point_script(text: str, prefix: str, python_version: str) -> str:
    layout = _layout(python_version, "linux-64")
    entry = noarch_python.parse_entry_point(text)
    return noarch_python.entry_point_script(entry, f"{prefix}/{layout.executable}")


def parse_entry_point(text: str) -> tuple[str, str, str]:
    entry = noarch_python.parse_entry_point(text)
    return entry.command, entry.module, entry.function


def noarch_path(path: str, python_version: str, platform: str) -> str:
    return noarch_python.noarch_path(path, _layout(python_version, platform))


def pyc_path(path: str, python_version: str) -> str:
    return noarch_python.pyc_path(path, python_version)


def extract_archive(path: str, dest: str) -> None:
    stage_archive(Path(path), Path(dest), record=None, cancel=CancelToken()).publish()


def fetch_and_extract(case: dict[str, Any], archive: bytes, root: str) -> Path:
    channel = Path(root) / "channel" / "noarch"
    channel.mkdir(parents=True)
    (channel / "demo-1.0-0.tar.bz2").write_bytes(archive)
    return _fetched(case["record"], channel / "demo-1.0-0.tar.bz2", root)


def install_package(case: dict[str, Any], root: str) -> None:
    archive = Path(root) / case["filename"]
    archive.write_bytes(base64.b64decode(case["data_b64"]))
    named = {"name": "demo", "version": "1.0", "build": "0"}
    folder = _fetched(named, archive, root)
    prefix = Path(root) / "prefix"
    state = EnvironmentState(prefix=prefix)
    wanted = PackageRecord.from_json(read_index(folder))
    execute(
        Plan(
            prefix=prefix,
            operations=(Operation(name="demo", old=None, new=wanted),),
            unchanged=(),
            history=HistoryEntry(command="check"),
            fingerprint=state.fingerprint,
        ),
        {"demo": folder},
        rules=LinkRules(subdir="linux-64", root_prefix=prefix),
        read_state=lambda: state,
        commit=lambda writer: None,
        report=silent,
        cancel=CancelToken(),
    )


def _fetched(document: dict[str, Any], archive: Path, root: str) -> Path:
    record = PackageRecord.from_json(document, fn=archive.name, url=archive.as_uri())
    cache = PackageCache((Path(root) / "pkgs",))
    folders = fetch_packages(
        [record], cache, LocalFetcher(), threads=1, report=silent, cancel=CancelToken()
    )
    return folders["demo"]
