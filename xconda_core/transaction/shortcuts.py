"""Keep the menus of the user's desktop in step with an environment. Layer: transaction.

Which packages have shortcuts stands in the prefix and changes with the transaction; the files
outside follow from that, so bringing them may be interrupted and repeated. What an environment for
another system would have in its menus is said. See docs/decisions/0150-shortcuts-in-menus.md.
"""

import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from xconda_core.config.environ import home_folder
from xconda_core.events import Event, Noticed, Reporter
from xconda_core.files.atomic import write_bytes
from xconda_core.transaction.changes import Changes
from xconda_core.transaction.desktop_places import (
    APPLICATIONS,
    MIME,
    desktop_folders,
    file_start,
)
from xconda_core.transaction.menu import BadMenu, MenuFacts, MenuItem, MenuPlatform, read_menu
from xconda_core.transaction.menu_linux import linux_files
from xconda_core.transaction.menu_macos import macos_bundles
from xconda_core.transaction.menu_windows import windows_menu
from xconda_core.transaction.rules import LinkRules
from xconda_core.transaction.shortcuts_macos import bring_bundles
from xconda_core.transaction.unsettled import OWN_FOLDER
from xconda_core.values import Slotted, dataclass, field

RECORD: Final = f"{OWN_FOLDER}/shortcuts.json"
FORMAT: Final = 1
_UPDATE_SECONDS: Final = 20.0
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shortcuts(Slotted):
    """What an environment has in menus.

    Attributes:
        packages: Name of a package to the paths of its menu documents in the prefix.
        facts: What the documents may name, but for the home, which is the reader's.
        is_newer: A newer xconda wrote it, so that it is not touched, nor what follows from it.
    """

    packages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    is_newer: bool = False

    def to_json(self) -> bytes:
        """Return the record as it stands in the prefix."""
        packages = {name: list(paths) for name, paths in sorted(self.packages.items())}
        document = {"format": FORMAT, **self.facts, "packages": packages}
        return (json.dumps(document, indent=2) + "\n").encode()


def recorded_shortcuts(prefix: Path) -> Shortcuts:
    """Return what the environment, which may be gone, has in menus: nothing unless it says so."""
    try:
        document = json.loads((prefix / RECORD).read_bytes())
    except (OSError, ValueError):
        return Shortcuts()
    packages = document.get("packages") if isinstance(document, dict) else None
    if not isinstance(packages, dict) or document.get("format") != FORMAT:
        return Shortcuts(is_newer=True)
    paths = {name: _menu_paths(said) for name, said in packages.items() if isinstance(said, list)}
    return Shortcuts(paths, {key: str(document.get(key, "")) for key in _FACTS})


_FACTS: Final = ("base_prefix", "python", "site_packages")


def coming_shortcuts(prefix: Path, changes: Changes, rules: LinkRules) -> Shortcuts | None:
    """Return what the environment will have in menus; None where ``changes`` touch nothing of it.

    Args:
        prefix: The environment.
        changes: What is about to happen there.
        rules: Say whether shortcuts are wanted, and of which packages.
    """
    if not rules.runs_scripts or rules.subdir.startswith("win"):
        return None
    brought = _brought(changes, rules)
    known = recorded_shortcuts(prefix)
    gone = {unlink.name for unlink in changes.unlinks}
    if known.is_newer or not (brought or gone & known.packages.keys()):
        return None
    facts = _facts(changes, rules)
    staying = {name: paths for name, paths in known.packages.items() if name not in gone}
    return Shortcuts({**staying, **brought}, facts)


def foreign_shortcuts(prefix: Path, changes: Changes, rules: LinkRules) -> Iterator[str]:
    """Yield a sentence for each entry that ``changes`` would bring to menus of another system."""
    platform: MenuPlatform = "win" if rules.subdir.startswith("win") else "osx"
    if rules.runs_scripts or rules.subdir.startswith("linux"):
        return
    shortcuts = Shortcuts(_brought(changes, rules), _facts(changes, rules))
    said: list[Event] = []
    items = _items(prefix, shortcuts, rules.environ, said.append, platform)
    yield from (event.text for event in said if isinstance(event, Noticed))
    where = "the start menu of Windows" if platform == "win" else "Applications of macOS"
    try:
        paths = _foreign_paths(items, str(prefix), platform)
    except BadMenu as error:
        yield f"there will be no shortcuts in {where}: {error}"
        return
    for path in paths:
        yield f"{path.rpartition('/')[2]} is for {where}, and was not made here"


def _foreign_paths(items: Sequence[MenuItem], prefix: str, platform: MenuPlatform) -> list[str]:
    if platform == "win":
        shortcuts = windows_menu(items, prefix, ()).shortcuts
        return [each.path.replace("\\", "/") for each in shortcuts]
    files = macos_bundles(items, prefix, "/Applications", ())
    ends = "/Contents/Info.plist"
    return [path.removesuffix(ends) for path in files if path.endswith(ends)]


def bring_shortcuts(prefix: Path, environ: Mapping[str, str], report: Reporter) -> None:
    """Make the files of the desktop what the environment at ``prefix`` says, which may be gone.

    What goes wrong is said and no failure: the environment itself is whole.

    Args:
        prefix: The environment.
        environ: The user's environment variables: where the desktop's folders are.
        report: Told of what could not be done.
    """
    shortcuts = recorded_shortcuts(prefix)
    if shortcuts.is_newer:
        return
    launcher = (sys.executable, "-m", "xconda_core", "run", "-p", str(prefix))
    if sys.platform == "darwin":
        items = _items(prefix, shortcuts, environ, report, "osx")
        applications = home_folder(environ) / "Applications"
        bring_bundles(items, str(prefix), applications, launcher, report)
        return
    folders = desktop_folders(environ)
    items = _items(prefix, shortcuts, environ, report, "linux")
    data = str(folders[APPLICATIONS].parent)
    files = linux_files(items, str(prefix), data, launcher)
    wanted = {_place(path, folders): content for path, content in files.items()}
    try:
        changed = _remove(_existing(prefix, folders) - wanted.keys()) | _write(wanted)
    except OSError as error:
        report(Noticed("warning", f"the menus of your desktop are not up to date: {error}"))
        return
    if changed:
        _update(changed, folders, environ)


def _menu_paths(paths: Iterable[object]) -> tuple[str, ...]:
    """Return those of ``paths`` that are documents in the folder ``Menu`` itself."""
    texts = (path for path in paths if isinstance(path, str) and path.endswith(".json"))
    return tuple(path for path in texts if path.startswith("Menu/") and path.count("/") == 1)


def _wanted(name: str, rules: LinkRules) -> bool:
    return rules.shortcuts and (not rules.shortcuts_only or name in rules.shortcuts_only)


def _brought(changes: Changes, rules: LinkRules) -> dict[str, tuple[str, ...]]:
    """Return the menu documents of each package that comes and whose shortcuts are wanted."""
    found = {
        link.record.name: _menu_paths(new.path for new in link.files) for link in changes.links
    }
    return {name: paths for name, paths in found.items() if paths and _wanted(name, rules)}


def _facts(changes: Changes, rules: LinkRules) -> dict[str, str]:
    python = changes.python
    return {
        "base_prefix": str(rules.root_prefix),
        "python": python.version if python else "",
        "site_packages": python.site_packages if python else "",
    }


def _items(
    prefix: Path,
    shortcuts: Shortcuts,
    environ: Mapping[str, str],
    report: Reporter,
    platform: MenuPlatform,
) -> list[MenuItem]:
    home = str(home_folder(environ))
    base_prefix, python, site_packages = (shortcuts.facts.get(key, "") for key in _FACTS)
    facts = MenuFacts(
        prefix=str(prefix),
        base_prefix=base_prefix,
        home=home,
        python=python,
        site_packages=site_packages,
        platform=platform,
    )
    items: list[MenuItem] = []
    for name, paths in sorted(shortcuts.packages.items()):
        for path in paths:
            try:
                found = read_menu((prefix / path).read_bytes(), facts)
            except (OSError, BadMenu) as error:
                report(Noticed("warning", f"{name} has no shortcut: {path}: {error}"))
                continue
            items += found
            _tell_precreate(name, found, report)
    return items


def _tell_precreate(name: str, items: Iterable[MenuItem], report: Reporter) -> None:
    if any(item.precreate for item in items):
        text = f"{name} wants a command to run before its shortcut is made; it was not run."
        report(Noticed("warning", text))


def _place(path: str, folders: Mapping[str, Path]) -> Path:
    folder, _, name = path.rpartition("/")
    return folders[folder] / name


def _existing(prefix: Path, folders: Mapping[str, Path]) -> set[Path]:
    """Return the files of this environment that are in the desktop's folders."""
    start = file_start(str(prefix))
    return {path for folder in folders.values() for path in folder.glob(f"{start}*")}


def _remove(paths: Iterable[Path]) -> set[Path]:
    gone = set(paths)
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def _write(wanted: Mapping[Path, bytes]) -> set[Path]:
    changed = {path for path, content in wanted.items() if _content(path) != content}
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, wanted[path], durable=False)
    return changed


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _update(
    changed: Iterable[Path], folders: Mapping[str, Path], environ: Mapping[str, str]
) -> None:
    """Tell the desktop, where the system has the programs for that."""
    touched = {path.parent for path in changed}
    for program, folder, of in (
        ("update-mime-database", folders[f"{MIME}/packages"].parent, f"{MIME}/packages"),
        ("update-desktop-database", folders[APPLICATIONS], APPLICATIONS),
    ):
        found = shutil.which(program, path=environ.get("PATH"))
        if found and folders[of] in touched:
            _run(found, folder, environ)


def _run(program: str, folder: Path, environ: Mapping[str, str]) -> None:
    try:
        subprocess.run(
            [program, str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            timeout=_UPDATE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.warning("%s: %s", program, error)
