"""Say what a Python is made of, as one line of JSON. Layer: testing; standard library only.

Run by the interpreter in question (``python -I -S interpreter_probe.py``), never imported: it
loads every extension module's shared object to see which libraries the loader brings along.
"""

import ctypes
import json
import os
import sys
import sysconfig
from pathlib import Path

GCC_RUNTIME = ("libgcc_s.so.1", "libstdc++.so.6")  # compiled wheels count on these


def base_paths() -> dict[str, str]:
    """Return where the interpreter itself lives, also when a virtual environment runs it."""
    names = {"base": sys.base_prefix, "platbase": sys.base_exec_prefix}
    names.update(installed_base=sys.base_prefix, installed_platbase=sys.base_exec_prefix)
    keys = ("stdlib", "platstdlib", "include", "platinclude", "purelib")
    return {key: sysconfig.get_path(key, "posix_prefix", names) for key in keys}


def is_wanted(name: str) -> bool:
    """Whether an extension module belongs into a package: no tests, no examples, no tkinter.

    ``_tkinter`` needs Tcl's script library, which has its own address compiled in; ``nis`` and
    ``ossaudiodev`` are gone since 3.13 and drag in a dozen libraries.
    """
    module = name.partition(".")[0]
    if "test" in module or module.startswith("xx"):
        return False
    return module not in ("_tkinter", "nis", "ossaudiodev")


def loaded_extensions(folder: str) -> list[str]:
    """Load each wanted extension module of ``folder``; return the names of those that loaded."""
    loaded = []
    for path in sorted(Path(folder).glob("*.so")):
        try:
            if is_wanted(path.name):
                ctypes.CDLL(str(path))
                loaded.append(path.name)
        except OSError:
            continue  # its library is not on this machine; it would not work here either
    return loaded


def mapped_libraries() -> list[str]:
    """Return the path of every shared object that this process has mapped."""
    maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="surrogateescape")
    fields = [line.split(None, 5) for line in maps.splitlines()]
    paths = {columns[5] for columns in fields if len(columns) == 6}
    return sorted(path for path in paths if path.startswith("/") and ".so" in path)


def main() -> None:
    """Write the facts to standard output."""
    paths = base_paths()
    extensions = loaded_extensions(paths["platstdlib"] + "/lib-dynload")
    libraries = mapped_libraries()
    for name in GCC_RUNTIME:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
    facts = {
        "implementation": sys.implementation.name,
        "version": sys.version.split()[0].rstrip("+"),
        "executable": str(Path("/proc/self/exe").resolve()),
        "prefix": sys.base_prefix,
        "paths": paths,
        "multiarch": sysconfig.get_config_var("MULTIARCH") or "",
        "soabi": sysconfig.get_config_var("SOABI") or "",
        "machine": os.uname().machine,
        "extensions": extensions,
        "libraries": libraries,
        "gcc_runtime": sorted(set(mapped_libraries()) - set(libraries)),
        "libc": os.confstr("CS_GNU_LIBC_VERSION") or "",
    }
    sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main()
