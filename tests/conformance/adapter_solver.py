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
from xconda_core.solver.fulfil import fulfil
from xconda_core.solver.not_found import PackagesNotFound
from xconda_core.solver.request import DepsRule, Request, RequestRules, UpdateRule
from xconda_core.solver.search import solve as search
from xconda_core.solver.unsatisfiable import Unsatisfiable
from xconda_core.transaction.plan import plan_operations

ADDRESS = "https://conda.example.org"


UPDATES: dict[str, UpdateRule] = {
    "UPDATE_SPECS": "specs",
    "UPDATE_DEPS": "deps",
    "UPDATE_ALL": "all",
    "FREEZE_INSTALLED": "frozen",
    "SPECS_SATISFIED_SKIP_SOLVE": "skip-satisfied",
}
DEPS: dict[str, DepsRule] = {"NO_DEPS": "none", "ONLY_DEPS": "only"}


class Unsupported(Exception):
    """The row asks for an option that xconda does not have."""


def solve(case: dict[str, Any], checks_dir: str) -> dict[str, Any]:
    request = _request(case, Path(checks_dir))
    try:
        found = fulfil(request, search, silent, CancelToken())
    except PackagesNotFound as error:
        return {"status": "not_found", "message": str(error)}
    except Unsatisfiable as error:
        return {"status": "unsatisfiable", "message": str(error)}
    except XcondaError as error:
        return {"status": "error", "message": str(error)}
    operations = plan_operations(request.state, found.records, {}, found.reinstalled)
    return {
        "status": "ok",
        "packages": [each.dist_name for each in found.records.values()],
        "channels": {name: each.channel_name for name, each in found.records.items()},
        "subdirs": {name: each.subdir for name, each in found.records.items()},
        "filenames": {name: each.fn for name, each in found.records.items()},
        "unlink": [step.old.record.dist_name for step in operations if step.old],
        "link": [step.new.dist_name for step in operations if step.new],
    }


def _request(case: dict[str, Any], checks: Path) -> Request:
    options = dict(case.get("options") or {})
    rules = RequestRules(
        update=UPDATES[options.pop("update_modifier", "UPDATE_SPECS")],
        deps=DEPS.get(options.pop("deps_modifier", ""), "all"),
        reinstall=options.pop("force_reinstall", False),
        prune=options.pop("prune", False),
        force=options.pop("force_remove", False),
    )
    state = _state(case)
    ignores_pins = options.pop("ignore_pinned", False)
    if options:
        raise Unsupported(", ".join(sorted(options)))
    facts = [text.split("=") for text in case["virtual_packages"]]
    return Request(
        verb="remove" if case.get("remove") else "install",
        index=_index(case, checks),
        state=state,
        specs=case.get("remove") or case["add"],
        rules=rules,
        pinned_packages=() if ignores_pins else case.get("pinned_packages") or (),
        aggressive_updates=case.get("aggressive_update_packages") or (),
        virtual_packages=tuple(VirtualPackage(*fact) for fact in facts),
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
