"""Answers to a server's questions that are documents of their own: files, settings, sizes, offers.

Layer: cli. The worker asks; each answer is plain JSON, without credentials.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from xconda_core.cli.notebook_answers import Question
from xconda_core.cli.texts_as_files import file_of_text
from xconda_core.config.definitions import BY_NAME
from xconda_core.config.shown import effective, without_effect
from xconda_core.engine import questions
from xconda_core.engine.cleaning import CleanRequest, clean, find_cleanable
from xconda_core.engine.configured import configuration
from xconda_core.engine.exporting import ExportRequest, chosen_format, contents, locked_contents
from xconda_core.engine.listing import listed_packages, record_fields
from xconda_core.engine.locking import LockRequest, locked
from xconda_core.engine.missing_modules import find_missing
from xconda_core.engine.notebook_needs import absent_modules, needs_of_cells, unmet
from xconda_core.engine.opening import open_engine
from xconda_core.engine.plugin_work import exporter_names
from xconda_core.engine.search import NothingFound, search
from xconda_core.environment.formats.conda_lock import conda_lock_text
from xconda_core.environment.formats.described import LockedEnvironment
from xconda_core.environment.formats.explicit_lines import explicit_text
from xconda_core.environment.formats.exports import (
    FORMATS,
    ExportRules,
    NotExportable,
)
from xconda_core.errors import Json
from xconda_core.models.channel_url import without_credentials
from xconda_core.models.python_package import canonical_name

_MOST_OFFERS: Final = 1000
_SECONDS_FOR_FILES: Final = 1.0  # of package caches, for what brings a module


def server_answer(asked: Question) -> Json:
    """Return the answer's document.

    Raises:
        XcondaError: it cannot be answered.
    """
    return _ANSWERS[asked.verb](asked)


def _export(asked: Question) -> Json:
    name = str(asked.options.get("format") or "environment-yaml")
    chosen = chosen_format(name, None, asked.engine.plugins)
    if chosen is None:
        own = sorted(set(FORMATS.values()))
        fix = f"ask for one of {', '.join((*own, *exporter_names(asked.engine.plugins)))}."
        raise NotExportable(name, f"{name!r} is no format of environment files", fix)
    rules = ExportRules(
        from_history=asked.is_set("from_history"),
        builds=asked.options.get("builds") is not False,
        channels=asked.options.get("with_channels") is not False,
    )
    request = ExportRequest(
        prefix=asked.prefix,
        platforms=_texts(asked, "platforms"),
        channels=tuple(asked.channels),
        override_channels=asked.override_channels,
        ignore_channels=not rules.channels,
    )
    found = contents(request, asked.engine, asked.report, asked.cancel)
    kind, export = chosen
    return {"format": kind, "text": export(found, rules)}


def _lock(asked: Question) -> Json:
    platforms = _texts(asked, "platforms")
    with file_of_text(asked.options) as file:
        if file is None and not asked.specs:
            request = ExportRequest(prefix=asked.prefix, platforms=platforms)
            found = contents(request, asked.engine, asked.report, asked.cancel)
            return _locked(locked_contents(found))
        wish = LockRequest(
            files=(str(file),) if file else (),
            words=tuple(asked.specs),
            format=_text(asked, "format"),
            platforms=platforms,
            channels=tuple(asked.channels),
            override_channels=asked.override_channels,
        )
        engine = asked.engine
        made = locked(
            wish, engine.settings, engine.environ, engine.plugins, asked.report, asked.cancel
        )
    return _locked(made.with_sources(tuple(each.name for each in [file] if each)))


def _locked(found: LockedEnvironment) -> Json:
    return {
        "format": "conda-lock",
        "text": conda_lock_text(found),
        "explicit": {
            platform: explicit_text(records, platform)
            for platform, records in found.packages.items()
        },
        "packages": {platform: len(records) for platform, records in found.packages.items()},
    }


def _config(asked: Question) -> Json:
    found, settings = configuration(
        prefix=asked.prefix,
        environ=asked.engine.environ,
        definitions=asked.engine.plugins.definitions,
    )
    values = effective(found, settings)
    return {
        "settings": [
            {
                "name": name,
                "value": value,
                "origin": found.origins.get(name) or settings.origins.get(name, "default"),
                "is_used": BY_NAME[name].standing == "used",
                "description": BY_NAME[name].description,
            }
            for name, value in values.items()
        ],
        "files": [str(path) for path in settings.config_files],
        "warnings": [*settings.warnings, *without_effect(given for _, given in found.sources)],
    }


def _channels(asked: Question) -> Json:
    wiring, settings = asked.engine.wiring, asked.engine.settings
    return {
        "channels": [
            {
                "name": without_credentials(str(channel)),
                "url": without_credentials(channel.base_url),
                "urls": [without_credentials(url) for url in channel.urls(settings.subdir)],
                "has_credentials": bool(channel.auth or channel.token),
            }
            for channel in wiring.channels(settings.channels)
        ],
        "priority": settings.channel_priority,
        "origin": settings.origins.get("channels", "default"),
        "platform": settings.subdir,
        "offline": settings.offline,
    }


def _clean(asked: Question) -> Json:
    request = CleanRequest(tarballs=True, index_cache=True, packages=True, logfiles=True)
    found = find_cleanable(request, asked.engine.settings, asked.engine.environ)
    removed: dict[str, Json] = {}
    if asked.is_set("remove"):
        cleaned = clean(found, asked.cancel)
        removed = {"removed": cleaned.count, "freed": cleaned.freed}
        removed["warnings"] = list(cleaned.warnings)
    return removed | {
        "kinds": [
            {"kind": kind, "count": len(leftovers.items), "bytes": leftovers.size}
            for kind, leftovers in found.kinds.items()
        ],
        "bytes": found.size,
        "remarks": list(found.remarks),
    }


def _offers(asked: Question) -> Json:
    """Return what the channels offer, best last, the best of it up to a limit, and how much."""
    engine, limit = asked.engine, asked.options.get("limit")
    most = min(limit, _MOST_OFFERS) if isinstance(limit, int) and limit > 0 else _MOST_OFFERS
    where = (asked.channels, asked.override_channels, asked.report, asked.cancel)
    try:
        found = [
            each for spec in asked.specs for each in questions.search(engine, search, spec, *where)
        ]
    except NothingFound as error:
        return {"packages": [], "total": 0, "nearest": list(error.nearest)}
    return {
        "packages": [record_fields(record) for record in found[-most:]],
        "total": len(found),
        "nearest": [],
    }


def _notebook(asked: Question) -> Json:
    """Return what the cells of a notebook need, what of it is missing, and what brings that."""
    needs = needs_of_cells(_texts(asked, "cells"))
    folder, engine = _text(asked, "folder"), asked.engine
    absent = absent_modules(needs.modules, asked.prefix, Path(folder) if folder else None)
    wanted = [name for name in absent if not needs.modules[name]]
    listed = listed_packages(engine.state(asked.prefix, asked.report))
    versions = {canonical_name(name): record.version for name, record in listed.items()}
    offline, trying = (  # somebody waits who opened a notebook: no list is downloaded
        open_engine(
            prefix=asked.prefix,
            overrides={**more, "use_index_cache": True},
            environ=engine.environ,
            plugins=engine.plugins,
        )
        for more in ({"offline": True}, {})
    )
    found = find_missing(offline, asked.prefix, wanted, asked.cancel, _SECONDS_FOR_FILES, trying)
    return {
        "modules": [
            {"module": name, "is_optional": optional, "is_found": name not in absent}
            for name, optional in needs.modules.items()
        ],
        "unread": needs.unread,
        "missing": found.to_json(),
        "requirements": list(needs.requirements),
        "unmet": unmet(needs.requirements, versions),
    }


def _text(asked: Question, option: str) -> str | None:
    value = asked.options.get(option)
    return str(value) if value else None


def _texts(asked: Question, option: str) -> tuple[str, ...]:
    value = asked.options.get(option)
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


_ANSWERS: Final[Mapping[str, Callable[[Question], Json]]] = {
    "export": _export,
    "lock": _lock,
    "config": _config,
    "channels": _channels,
    "clean": _clean,
    "offers": _offers,
    "notebook": _notebook,
}
