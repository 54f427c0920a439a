"""Translate the ``solver`` rows: channels as documents, the prefix as a state, and our rules."""

import json
from pathlib import Path, PurePath
from typing import Any

from xconda_core.cancel import CancelToken
from xconda_core.errors import XcondaError
from xconda_core.events import silent
from xconda_core.models.environment_state import EnvironmentState
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.prefix_record import PrefixRecord
from xconda_core.models.virtual_package import VirtualPackage
from xconda_core.repodata.channel_index import ChannelIndex, ChannelRecords
from xconda_core.repodata.documents import parse_repodata
from xconda_core.repodata.published import Folder
from xconda_core.solver.not_found import PackagesNotFound
from xconda_core.solver.problem import SolveProblem
from xconda_core.solver.request_rules import install_problem, remove_problem, update_problem
from xconda_core.solver.search import solve as search
from xconda_core.solver.unsatisfiable import Unsatisfiable

ADDRESS = "https://conda.example.org"


class Unsupported(Exception):
    """The row asks for an option that xconda does not have yet."""


def solve(case: dict[str, Any], checks_dir: str) -> dict[str, Any]:
    options = case.get("options") or {}
    unknown = {key: value for key, value in options.items() if (key, value) not in KNOWN}
    if unknown:
        raise Unsupported(", ".join(sorted(unknown)))
    try:
        found = search(_problem(case, Path(checks_dir)), silent, CancelToken()).records
    except PackagesNotFound as error:
        return {"status": "not_found", "message": str(error)}
    except Unsatisfiable as error:
        return {"status": "unsatisfiable", "message": str(error)}
    except XcondaError as error:
        return {"status": "error", "message": str(error)}
    return {
        "status": "ok",
        "packages": [each.dist_name for each in found.values()],
        "channels": {name: each.channel_name for name, each in found.items()},
        "subdirs": {name: each.subdir for name, each in found.items()},
        "filenames": {name: each.fn for name, each in found.items()},
    }


KNOWN = (("update_modifier", "UPDATE_SPECS"), ("update_modifier", "UPDATE_ALL"), ("prune", False))


def _problem(case: dict[str, Any], checks: Path) -> SolveProblem:
    index, state = _index(case, checks), _state(case)
    facts = [text.split("=") for text in case["virtual_packages"]]
    pins = case.get("pinned_packages") or ()
    virtual = tuple(VirtualPackage(*fact) for fact in facts)
    if case.get("remove"):
        return remove_problem(
            index, state, case["remove"], pinned_packages=pins, virtual_packages=virtual
        )
    if (case.get("options") or {}).get("update_modifier") == "UPDATE_ALL":
        return update_problem(
            index,
            state,
            case["add"],
            update_all=True,
            pinned_packages=pins,
            virtual_packages=virtual,
        )
    return install_problem(
        index,
        state,
        case["add"],
        pinned_packages=pins,
        virtual_packages=virtual,
        pip_comes_with_python=case.get("add_pip_as_python_dependency", False),
    )


def _index(case: dict[str, Any], checks: Path) -> ChannelIndex:
    channels = []
    for channel in case["channels"]:
        folders = []
        for subdir, content in channel["repodata"].items():
            if content is None:
                continue
            folder = Folder(channel["name"], f"{ADDRESS}/{channel['name']}", subdir)
            document = (
                (checks / "repodata" / content).read_bytes()
                if isinstance(content, str)
                else json.dumps(content).encode()
            )
            folders.append(parse_repodata(document, folder.url, folder, False, _left_out))
        channels.append(ChannelRecords(channel["name"], tuple(folders)))
    return ChannelIndex(channels, case["channel_priority"], silent)


def _left_out(fn: str, why: str) -> None:
    raise AssertionError(f"{fn} was left out: {why}")


def _state(case: dict[str, Any]) -> EnvironmentState:
    installed = {}
    for document in case.get("installed") or ():
        address = f"{ADDRESS}/{document['channel']}"
        each = PackageRecord.from_json({**document, "channel": address})
        installed[each.name] = PrefixRecord(record=each)
    requested = {MatchSpec.parse(text).name: text for text in case.get("history") or ()}
    return EnvironmentState(
        prefix=PurePath("/prefix"), installed=installed, requested=requested, exists=True
    )
