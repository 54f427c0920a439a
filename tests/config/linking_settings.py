"""Scenarios of the settings that say how packages are kept and linked."""

import hashlib
import io
import json
import os
import shutil
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.config.setting_world import World
from xconda_core import api
from xconda_core.engine.permissions import NotAdministrator
from xconda_core.events import Event, Noticed
from xconda_core.testing.signing import Signer, a_document, sign_list, write_document
from xconda_core.testing.simulator import a_channel, a_package
from xconda_core.transaction import checks, link_all
from xconda_core.transaction.checks import PackagesDamaged, PathsConflict


def noticed(world: World, verb: str, *specs: str) -> list[str]:
    """Do it, and return what was said besides progress."""
    events: list[Event] = []
    engine = world.engine()
    request = api.ChangeRequest(verb=verb, prefix=world.prefix, specs=specs)  # type: ignore[arg-type]
    engine.execute(engine.plan(request), events.append)
    return [event.text for event in events if isinstance(event, Noticed)]


def rivals(world: World) -> str:
    """Two packages with a path in common, as a channel on this disk."""
    folder = world.home / "rivals"
    same = {"share/same": b"x", "share/other": b"x"}
    a_channel(folder, [a_package("one", files=same), a_package("two", files=same)])
    return f"channels: [{folder}]"


def path_conflict(world: World) -> None:
    channel = rivals(world)
    world.condarc(channel)
    (said,) = noticed(world, "create", "one", "two")
    assert said == "share/other belonged to the package one; it is now two's (and 1 more)"
    shutil.rmtree(world.prefix)
    world.condarc(channel, "path_conflict: warn")
    said_of = [text.split()[0] for text in noticed(world, "create", "one", "two")]
    assert said_of == ["share/other", "share/same"]
    shutil.rmtree(world.prefix)
    world.condarc(channel, "path_conflict: prevent")
    with pytest.raises(PathsConflict, match="share/other of two belongs to the package one"):
        world.do("create", "one", "two")


def cut(world: World, size: int = 1) -> Path:
    """Leave one byte of the cached file of ``pear``, as a power cut can."""
    cached = world.home / "root/pkgs/pear-1.0-0/share/pear.txt"
    os.truncate(cached, size)
    return cached


def safety_checks(world: World) -> None:
    path = world.do("create", "pear") / "share/pear.txt"
    whole = path.read_bytes()
    world.do("remove", "pear")
    cut(world)
    world.condarc("safety_checks: disabled")
    world.do("install", "pear")
    assert path.read_bytes() == whole[:1]
    world.do("remove", "pear")
    world.condarc("safety_checks: warn")
    assert noticed(world, "install", "pear") == ["damaged in the package cache, brought anew: pear"]
    assert path.read_bytes() == whole
    world.condarc("safety_checks: enabled", built_wrong(world))
    with pytest.raises(PackagesDamaged, match="9 bytes"):
        world.do("install", "wrong")
    world.condarc("safety_checks: warn", built_wrong(world))
    assert any("not as its builder lists it" in text for text in noticed(world, "install", "wrong"))


def built_wrong(world: World) -> str:
    """A channel with a package that lists another size for its file than that has."""
    folder = world.home / "wrong"
    if not folder.exists():
        record = {"name": "wrong", "version": "1.0", "build": "0", "build_number": 0, "depends": []}
        listed = {"_path": "share/w", "path_type": "hardlink", "size_in_bytes": 9}
        files: dict[str, object] = {
            "info/index.json": record,
            "info/paths.json": {"paths": [listed], "paths_version": 1},
            "share/w": "w",
        }
        (folder / "noarch").mkdir(parents=True)
        archive = folder / "noarch/wrong-1.0-0.tar.bz2"
        with tarfile.open(archive, "w:bz2") as tar:
            for name, content in files.items():
                member, text = tarfile.TarInfo(name), json.dumps(content).encode()
                member.size = len(text)
                tar.addfile(member, io.BytesIO(text))
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        packages = {archive.name: record | {"sha256": digest, "size": archive.stat().st_size}}
        repodata = json.dumps({"packages": packages})
        (folder / "noarch/repodata.json").write_text(repodata, encoding="utf-8")
    return f"channels: [{folder}]"


def extra_safety_checks(world: World) -> None:
    path = world.do("create", "pear") / "share/pear.txt"
    whole = path.read_bytes()
    world.do("remove", "pear")
    cached = cut(world, 0)
    cached.write_bytes(bytes(len(whole)))
    world.do("install", "pear")
    assert path.read_bytes() == bytes(len(whole))
    world.do("remove", "pear")
    world.condarc("extra_safety_checks: yes")
    world.do("install", "pear")
    assert path.read_bytes() == whole


def signing_metadata_url_base(world: World) -> None:
    keeper, packer = Signer("keeper"), Signer("packer")
    channel = world.home / "signed"
    a_channel(channel, [a_package("pear")])
    sign_list(channel / "noarch", [packer])
    roles = {"root": ([keeper], 1), "key_mgr": ([keeper], 1)}
    first = world.home / ".conda/trust/1.root.json"
    write_document(first, a_document("root", 1, roles, [keeper]))
    word = a_document("key_mgr", 1, {"pkg_mgr": ([packer], 1)}, [keeper])
    write_document(channel / "key_mgr.json", word)
    world.condarc(
        f"channels: [{channel}]",
        "extra_safety_checks: yes",
        f"signing_metadata_url_base: {channel.as_uri()}",
    )
    request = api.ChangeRequest(verb="create", prefix=world.prefix, specs=("pear",))
    trust = world.engine().plan(request).trust
    assert trust is not None
    assert [each.status for each in trust.packages] == ["signed"]


def separate_format_cache(world: World) -> None:
    world.do("create", "pear")
    described = world.home / "root/pkgs/pear-1.0-0/info/repodata_record.json"
    record = json.loads(described.read_bytes())
    other = record | {"legacy_bz2_md5": record["md5"], "md5": "0" * 32, "sha256": "0" * 64}
    described.write_text(json.dumps(other))
    (world.home / "root/pkgs/pear-1.0-0.conda").unlink()
    world.do("remove", "pear")
    for word, fetched in (("no", ()), ("yes", ("pear",))):
        world.condarc(f"separate_format_cache: {word}")
        request = api.ChangeRequest(verb="install", prefix=world.prefix, specs=("pear",))
        assert world.engine().plan(request).fetch == fetched


def download_only(world: World) -> None:
    world.condarc("download_only: yes")
    assert not (world.do("create", "pear") / "conda-meta").exists()
    assert (world.home / "root/pkgs/pear-1.0-0/info/repodata_record.json").exists()


def no_lock(world: World) -> None:
    taken: list[str] = []

    def refuse(descriptor: int, *_: object) -> None:
        path = os.readlink(f"/proc/self/fd/{descriptor}")
        taken.append(path)
        if "/pkgs/" in path:
            raise OSError(37, "No locks available")

    with world.monkeypatch.context() as patch:
        patch.setattr("fcntl.flock", refuse)
        with pytest.raises(api.XcondaError, match="without a lock two processes"):
            world.do("create", "pear")
        world.condarc("no_lock: yes")
        taken.clear()
        world.do("create", "pear")
    assert [path for path in taken if ".lock" in path and "/pkgs/" in path] == []
    assert any(path.endswith("transaction/lock") for path in taken), "the environment is locked"


def non_admin_enabled(world: World) -> None:
    world.condarc("non_admin_enabled: no")
    with world.monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: 1000)
        with pytest.raises(NotAdministrator):
            world.plan("create", "pear")
        patch.setattr(os, "geteuid", lambda: 0)
        assert world.plan("create", "pear") == {"pear": "1.0"}


@contextmanager
def counted(world: World, module: Any, name: str) -> Iterator[Callable[[], int]]:
    """Count how many calls of a function are under way at the same time."""
    lock, now, most = threading.Lock(), [0], [0]
    call = getattr(module, name)

    def slow(*given: Any, **words: Any) -> Any:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.1)
        try:
            return call(*given, **words)
        finally:
            with lock:
                now[0] -= 1

    with world.monkeypatch.context() as patch:
        patch.setattr(module, name, slow)
        yield lambda: most[0]


def side_by_side(world: World, setting: str, module: Any, name: str) -> list[int]:
    counts = []
    for threads in (0, 3):
        world.condarc(f"{setting}: {threads}")
        with counted(world, module, name) as most:
            world.do("install" if world.prefix.exists() else "create", "apple", "pear", "pip")
        counts.append(most())
        world.do("remove", "apple", "pear", "pip", "seed")
    return counts


def verify_threads(world: World) -> None:
    assert side_by_side(world, "verify_threads", checks, "first_damage") == [1, 3]


def execute_threads(world: World) -> None:
    assert side_by_side(world, "execute_threads", link_all, "link_package") == [1, 3]


def with_menus(world: World) -> str:
    """Two packages with an entry for menus each, as a channel on this disk."""
    folder = world.home / "menus"
    packages = []
    for name in ("one", "two"):
        item: dict[str, object] = {"name": name, "command": [name], "platforms": {"linux": {}}}
        menu = {"$id": "a schema", "menu_name": "M", "menu_items": [item]}
        packages.append(a_package(name, files={f"Menu/{name}.json": json.dumps(menu).encode()}))
    a_channel(folder, packages)
    return f"channels: [{folder}]"


def entries(world: World) -> list[str]:
    found = (world.home / ".local/share/applications").glob("*.desktop")
    return sorted(path.stem.rpartition("-")[2] for path in found)


def compile_pyc(world: World) -> None:
    folder = world.home / "sources"
    minor = f"{sys.version_info.major}.{sys.version_info.minor}"
    text = f'#!/bin/sh\nexec {sys.executable} "$@"\n'.encode()
    python = a_package(
        "python",
        minor,
        subdir="linux-64",
        files={f"bin/python{minor}": text},
        executables=[f"bin/python{minor}"],
    )
    source = {"site-packages/lib.py": b"A = 1\n"}
    lib = a_package("lib", noarch="python", depends=["python"], files=source)
    a_channel(folder, [python, lib])
    for word, count in (("yes", 1), ("no", 0)):
        world.condarc(f"channels: [{folder}]", f"compile_pyc: {word}")
        assert len(list(world.do("create", "lib").rglob("*.pyc"))) == count
        shutil.rmtree(world.prefix)


def shortcuts(world: World) -> None:
    channel = with_menus(world)
    world.condarc(channel)
    world.do("create", "one", "two")
    assert entries(world) == ["one", "two"]
    world.do("remove", "one", "two")
    assert entries(world) == []
    world.condarc(channel, "shortcuts: no")
    world.do("install", "one", "two")
    assert entries(world) == []


def shortcuts_only(world: World) -> None:
    world.condarc(with_menus(world), "shortcuts_only: [two]")
    world.do("create", "one", "two")
    assert entries(world) == ["two"]


LINKING = (
    path_conflict, safety_checks, extra_safety_checks, signing_metadata_url_base,
    separate_format_cache, download_only, no_lock, non_admin_enabled, verify_threads,
    execute_threads, compile_pyc, shortcuts, shortcuts_only,
)  # fmt: skip
