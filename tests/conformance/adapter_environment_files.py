"""Translate the ``history_env`` rows about environment files and exports."""

from typing import Any

from xconda_core.environment.formats.environment_yaml import parse_environment
from xconda_core.environment.formats.exports import (
    FORMATS,
    EnvironmentContents,
    ExportRules,
    export_text,
)
from xconda_core.environment.formats.text_files import parse_explicit as read_explicit
from xconda_core.environment.formats.text_files import parse_specs
from xconda_core.models.match_spec import MatchSpec
from xconda_core.models.package_record import PackageRecord


def parse_env_file(filename: str, text: str, env: dict[str, str] | None) -> dict[str, Any]:
    if filename.endswith(".txt"):
        found = parse_specs(text, filename, env or {})
    else:
        found = parse_environment(text, filename, "linux-64", env or {})
    return {
        "name": found.name,
        "prefix": found.prefix,
        "variables": dict(found.variables),
        "channels": list(found.channels),
        "dependencies": [str(MatchSpec.parse(spec)) for spec in found.dependencies],
        "pip": list(found.pip),
    }


def parse_explicit(text: str) -> dict[str, Any]:
    found = read_explicit(text, "explicit.txt", {}, lambda path: path)
    return {"platform": found.platform, "urls": list(found.sources)}


def export_env(env: dict[str, Any], format_name: str) -> str:
    # conda's writers say what was asked for, where anything was; but for addresses of archives.
    packages = env.get("packages", ())
    if env.get("requested") and format_name != "explicit":
        packages = ()
    records = tuple(PackageRecord.from_json(each) for each in packages)
    contents = EnvironmentContents(
        name=env["name"],
        channels=tuple(env["channels"]),
        requested=tuple(env.get("requested", ())),
        records={env["platform"]: records},
        pip=tuple(env.get("pip", ())),
        variables=env.get("variables", {}),
    )
    return export_text(contents, FORMATS[format_name], ExportRules())
