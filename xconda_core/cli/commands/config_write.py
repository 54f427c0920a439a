"""The changing half of ``xconda config``. Layer: cli."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from xconda_core.cli.commands.config_place import meant_environment, meant_file
from xconda_core.cli.console import Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.options import overrides
from xconda_core.cli.parser import UsageError
from xconda_core.config.change import Wish, edit_of, edits_of
from xconda_core.config.condarc import Unreadable, parse
from xconda_core.config.definition import Definition
from xconda_core.config.definitions import BY_NAME, DEFINITIONS
from xconda_core.config.file_change import Edits, change_file
from xconda_core.config.interpret import Interpreter
from xconda_core.config.precedence import Configuration
from xconda_core.config.problem import InvalidConfiguration
from xconda_core.config.shown import described
from xconda_core.engine.configured import configuration
from xconda_core.errors import Json, XcondaError
from xconda_core.files.atomic import write_bytes
from xconda_core.files.failures import refusals_named


class FileExists(XcondaError):
    """The file that would be made is there."""

    code: ClassVar[str] = "file-exists"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path
        self.what = f"{path} was not written."
        self.why = "it exists, and what is in it would be lost."
        self.fix = "move it away first, or name another with --file."


def change(invocation: Invocation, wishes: Sequence[Wish]) -> None:
    """Fulfil ``wishes`` in the file that is meant, all or none.

    Raises:
        XcondaError: one of them cannot be fulfilled; the file is as it was.
    """
    names = [wish.key.partition(".")[0] for wish in wishes if wish.verb != "remove_key"]
    more = invocation.plugins.definitions
    _write(invocation, lambda there: [edit_of(wish, there, more) for wish in wishes], names)


def read_from_stdin(invocation: Invocation) -> None:
    """Give the file that is meant every setting that standard input has, as YAML.

    Raises:
        UsageError: a person sits at standard input.
        InvalidConfiguration: it is not configuration.
        XcondaError: a setting in it is unknown; the file is as it was.
    """
    text = invocation.console.piped_text()
    if text is None:
        fix = "pipe them in: `xconda config --stdin < settings.yml`."
        raise UsageError("xconda config", "--stdin reads settings, and nobody gives any.", fix)
    try:
        source = parse(text, "standard input")
    except Unreadable as error:
        raise InvalidConfiguration((error.problem,)) from error
    more = invocation.plugins.definitions
    interpreter = Interpreter({}, more)
    interpreter.given(source)
    if interpreter.problems:
        raise InvalidConfiguration(tuple(interpreter.problems))
    _write(invocation, lambda there: edits_of(source.nodes, there), list(source.nodes))


def write_default(invocation: Invocation) -> None:
    """Make the file that is meant, with every setting described and commented out.

    Raises:
        FileExists: it is there.
    """
    path = meant_file(invocation)
    with refusals_named("write the configuration", path):
        if path.exists() or path.is_symlink():
            raise FileExists(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, "\n".join(described(DEFINITIONS)).encode())
    _say(invocation, path, [], changed=True)


def _write(invocation: Invocation, edits: Edits, names: Sequence[str]) -> None:
    path = meant_file(invocation)
    before = _configuration(invocation)
    changed = change_file(path, edits)
    settings = [BY_NAME[name] for name in dict.fromkeys(names) if name in BY_NAME]
    notes = [
        f"{each.name} has no effect here: {each.description}"
        for each in settings
        if each.standing != "used"
    ]
    after = _configuration(invocation)
    if before and after:
        notes += _overruled(after, path, settings)
        if "channels" not in before.origins and _leaves_out_conda_forge(after):
            notes.append(
                "conda-forge is searched only while no channel is configured; "
                "`xconda config --append channels conda-forge` adds it."
            )
    _say(invocation, path, notes, changed=changed)


def _configuration(invocation: Invocation) -> Configuration | None:
    """Return what is configured for the environment that is meant; None where it is faulty."""
    with suppress(XcondaError):
        prefix = meant_environment(invocation)
        given = overrides(invocation.arguments)
        return configuration(
            prefix=prefix,
            overrides=given,
            environ=invocation.environ,
            definitions=invocation.plugins.definitions,
        )[0]
    return None


def _leaves_out_conda_forge(configuration: Configuration) -> bool:
    channels = configuration.values["channels"]
    return isinstance(channels, tuple) and bool(channels) and "conda-forge" not in channels


def _overruled(
    configuration: Configuration, path: Path, settings: Iterable[Definition]
) -> list[str]:
    """Return a sentence for each single value in the file that another place overrules."""
    said = dict(configuration.sources).get(str(path), {})
    return [
        f"{configuration.origins[each.name]} has another {each.name}, which counts more."
        for each in settings
        if each.shape == "one"
        and each.name in said
        and configuration.origins[each.name] != said[each.name].origin
    ]


def _say(invocation: Invocation, path: Path, notes: Sequence[str], *, changed: bool) -> None:
    console = invocation.console
    if invocation.arguments.env and not invocation.environ.get("CONDA_PREFIX"):
        notes = [f"no environment is active, so {path} is meant.", *notes]
    console.warn(*(Text(f"note: {note}", "warning") for note in notes))
    console.remark(f"{path} was changed." if changed else f"{path} says so already.")
    warnings: list[Json] = list(notes)
    console.document({"success": True, "rc_path": str(path), "warnings": warnings, "get": {}})
