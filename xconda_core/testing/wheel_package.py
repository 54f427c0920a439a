"""Turn a wheel into a conda package. Layer: testing.

Pure wheels become ``noarch: python``; those with the stable ABI too, but per platform (CEP 20);
the rest belong to one Python version by way of ``python_abi``.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from email.message import Message
from pathlib import Path
from typing import Final

from xconda_core.errors import Json
from xconda_core.package_cache.package_writer import (
    PLACEHOLDER,
    PackageFile,
    PackageMetadata,
    build_hash,
    content_hash_input,
    files_under,
)
from xconda_core.testing.elf import is_elf, read_dynamic, with_inherited_paths
from xconda_core.testing.interpreter import Interpreter
from xconda_core.testing.python_package import StagedPackage, compile_tree
from xconda_core.testing.requirements import conda_constraint, conda_name, conda_requirements
from xconda_core.testing.wheel import Wheel, WheelMember

_GCC_RUNTIME: Final = frozenset({"libstdc++.so.6", "libgcc_s.so.1"})
_SCRIPT: Final = """\
# -*- coding: utf-8 -*-
import re
import sys

from {module} import {first}

if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw?|\\.exe)?$', '', sys.argv[0])
    sys.exit({function}())
"""


def wheel_package(
    wheel: Wheel, interpreter: Interpreter, stage: Path, gcc_runtime: str | None
) -> StagedPackage:
    """Lay ``wheel`` out as a conda package, in the empty folder ``stage`` where it is compiled.

    ``gcc_runtime`` is the MatchSpec of the package that holds GCC's libraries, if there is one.

    Raises:
        RequirementNotUnderstood: its metadata does not follow PEP 508.
    """
    is_noarch = wheel.is_pure or wheel.is_stable_abi
    members = [_fitted(member) for member in wheel.members]
    if is_noarch:
        files = tuple(_noarch_files(wheel, members))
    else:
        _write_stage(_compiled_files(wheel, members, interpreter), stage)
        site_packages = stage / interpreter.site_packages
        compile_tree(interpreter.executable, stage, site_packages)
        files = tuple(files_under(stage))
    metadata = _metadata(wheel, interpreter, files, gcc_runtime if _links_gcc(members) else None)
    return StagedPackage(metadata, files)


def _fitted(member: WheelMember) -> WheelMember:
    if is_elf(member.content):
        return WheelMember(member.scheme, member.path, with_inherited_paths(member.content))
    if member.scheme == "scripts" and member.content.startswith(b"#!python"):
        shebang = f"#!{PLACEHOLDER}/bin/python".encode()
        script = re.sub(rb"\A#!pythonw?", shebang, member.content)
        return WheelMember(member.scheme, member.path, script)
    return member


def _links_gcc(members: Iterable[WheelMember]) -> bool:
    return any(
        not _GCC_RUNTIME.isdisjoint(read_dynamic(member.content).needed)
        for member in members
        if is_elf(member.content)
    )


def _noarch_files(wheel: Wheel, members: Iterable[WheelMember]) -> Iterator[PackageFile]:
    places = {"scripts": "python-scripts", "data": "", "headers": f"include/{wheel.name}"}
    yield from _placed(wheel, members, "site-packages", places)


def _compiled_files(
    wheel: Wheel, members: Iterable[WheelMember], interpreter: Interpreter
) -> Iterator[PackageFile]:
    headers = f"include/python{interpreter.short_version}/{wheel.name}"
    places = {"scripts": "bin", "data": "", "headers": headers}
    yield from _placed(wheel, members, interpreter.site_packages, places)
    for entry_point in wheel.entry_points:
        command, _, target = entry_point.partition(" = ")
        module, _, function = target.partition(":")
        text = f"#!{PLACEHOLDER}/bin/python\n" + _SCRIPT.format(
            module=module, function=function, first=function.partition(".")[0]
        )
        yield PackageFile(path=f"bin/{command}", content=text.encode(), executable=True)


def _placed(
    wheel: Wheel, members: Iterable[WheelMember], site_packages: str, places: Mapping[str, str]
) -> Iterator[PackageFile]:
    record = []
    for member in members:
        folder = places.get(member.scheme, site_packages)
        if folder == site_packages:
            record.append(_record_line(member))
        is_program = member.scheme == "scripts" or is_elf(member.content)
        path = f"{folder}/{member.path}".lstrip("/")
        yield PackageFile(path=path, content=member.content, executable=is_program)
    # pip, importlib.metadata and conda's own list find the package by these.
    installer = WheelMember("purelib", f"{wheel.dist_info}/INSTALLER", b"conda\n")
    record += [_record_line(installer), f"{wheel.dist_info}/RECORD,,"]
    commands = [entry_point.partition(" = ")[0] for entry_point in wheel.entry_points]
    record += [f"../../../bin/{command},," for command in commands]
    yield PackageFile(path=f"{site_packages}/{installer.path}", content=installer.content)
    text = "".join(f"{line}\n" for line in sorted(record)).encode()
    yield PackageFile(path=f"{site_packages}/{wheel.dist_info}/RECORD", content=text)


def _record_line(member: WheelMember) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(member.content).digest()).rstrip(b"=")
    path = f'"{member.path}"' if "," in member.path else member.path
    return f"{path},sha256={digest.decode()},{len(member.content)}"


def _write_stage(files: Iterable[PackageFile], stage: Path) -> None:
    for entry in files:
        path = stage / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(entry.read())
        path.chmod(0o755 if entry.executable else 0o644)


def _metadata(
    wheel: Wheel, interpreter: Interpreter, files: tuple[PackageFile, ...], gcc: str | None
) -> PackageMetadata:
    hash_input = content_hash_input(files)
    is_noarch = wheel.is_pure or wheel.is_stable_abi
    python = "" if is_noarch else interpreter.abi_tag.removeprefix("cp")
    depends = conda_requirements(_all(wheel.metadata, "Requires-Dist"), _environment(interpreter))
    depends += _platform_requirements(wheel, interpreter, gcc)
    return PackageMetadata(
        name=conda_name(wheel.name),
        version=wheel.version.lower(),
        build=f"py{python}{build_hash(hash_input)}_0",
        subdir="noarch" if wheel.is_pure else interpreter.subdir,
        noarch="python" if is_noarch else None,
        depends=tuple(sorted(depends)),
        entry_points=wheel.entry_points if is_noarch else (),
        license=_license(wheel.metadata),
        about=dict(_about(wheel.metadata)),
        licenses=dict(_licenses(wheel)),
        hash_input=hash_input,
        timestamp=wheel.timestamp,
    )


def _platform_requirements(
    wheel: Wheel, interpreter: Interpreter, gcc: str | None
) -> Iterator[str]:
    wanted = wheel.metadata.get("Requires-Python") or ""
    if wheel.is_pure or wheel.is_stable_abi:
        parts = (*conda_constraint(wanted).split(","), _oldest_python(wheel.tags))
        yield f"python {','.join(dict.fromkeys(filter(None, parts)))}".strip()
    else:
        short, following = interpreter.short_version, interpreter.next_version
        yield f"python >={short},<{following}.0a0"
        yield f"python_abi {short}.* *_{interpreter.abi_tag}"
    if not wheel.is_pure:
        yield f"__glibc >={_oldest_glibc(wheel.tags)},<3.0.a0"
    if gcc is not None:
        yield gcc


def _oldest_python(tags: Iterable[str]) -> str:
    """Return the constraint that stable-ABI tags put on Python: ``cp310-abi3`` needs 3.10."""
    found = [int(minor) for minor in re.findall(r"\bcp3(\d+)-abi3-", " ".join(tags))]
    return f">=3.{min(found)}" if found else ""


def _oldest_glibc(tags: Iterable[str]) -> str:
    """Return the oldest C library that a manylinux tag promises to do with (PEP 600, 599, 571)."""
    legacy = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
    found = [version for tag in tags for name, version in legacy.items() if f"-{name}_" in tag]
    numbered = re.findall(r"-manylinux_(\d+)_(\d+)_", " ".join(tags))
    found += [(int(major), int(minor)) for major, minor in numbered]
    major, minor = min(found, default=(2, 17))
    return f"{major}.{minor}"


def _environment(interpreter: Interpreter) -> dict[str, str]:
    """Return PEP 508's markers for the Python that is packaged, not for the one that runs."""
    return {
        "implementation_name": "cpython",
        "implementation_version": interpreter.version,
        "os_name": "posix",
        "platform_machine": interpreter.machine,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Linux",
        "platform_version": "",
        "python_full_version": interpreter.version,
        "python_version": interpreter.short_version,
        "sys_platform": "linux",
    }


def _license(metadata: Message) -> str | None:
    expression = metadata.get("License-Expression")
    if expression:
        return str(expression)
    text = str(metadata.get("License") or "").strip()
    if text and "\n" not in text and len(text) <= 60:
        return text
    prefix = "License :: OSI Approved :: "
    found = [line for line in _all(metadata, "Classifier") if line.startswith(prefix)]
    return found[0].removeprefix(prefix) if found else None


def _about(metadata: Message) -> Iterator[tuple[str, Json]]:
    if metadata.get("Summary"):
        yield "summary", str(metadata["Summary"])
    urls = dict(_project_urls(metadata))
    home = str(metadata.get("Home-page") or urls.get("homepage") or "")
    for key, value in (
        ("home", home),
        ("dev_url", urls.get("source") or urls.get("repository") or urls.get("source code")),
        ("doc_url", urls.get("documentation") or urls.get("docs")),
    ):
        if value:
            yield key, value


def _project_urls(metadata: Message) -> Iterator[tuple[str, str]]:
    for line in _all(metadata, "Project-URL"):
        label, _, url = line.partition(",")
        yield label.strip().lower(), url.strip()


def _licenses(wheel: Wheel) -> Iterator[tuple[str, bytes]]:
    for member in wheel.members:
        name = member.path.removeprefix(f"{wheel.dist_info}/")
        is_license = re.match(r"(licenses/|(LICEN[CS]E|COPYING|NOTICE)[^/]*$)", name)
        if name != member.path and is_license:
            yield name.removeprefix("licenses/"), member.content


def _all(metadata: Message, field: str) -> list[str]:
    return [str(value) for value in metadata.get_all(field) or ()]
