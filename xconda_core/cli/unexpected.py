"""What nobody foresaw, in one paragraph and a report file that stays here. Layer: cli."""

import platform
import shlex
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import ClassVar, Final

from xconda_core import __version__
from xconda_core.config.environ import home_folder, user_state_folder
from xconda_core.config.redaction import redacted
from xconda_core.engine import opening
from xconda_core.engine.configured import configuration
from xconda_core.errors import XcondaError
from xconda_core.values import fields

_LIBRARIES: Final = ("msgspec", "requests", "rich", "ruamel.yaml", "zstandard")
_NAMES: Final = ("CONDA", "XCONDA", "MAMBA", "LANG", "LC_", "TMP", "TEMP", "SSL_", "REQUESTS_CA")


class Unexpected(XcondaError):
    """A mistake of xconda's own.

    Attributes:
        report: Where the particulars were written, empty where that failed too.
    """

    code: ClassVar[str] = "unexpected"
    exit_code: ClassVar[int] = 70  # EX_SOFTWARE of sysexits.h

    def __init__(self, failure: BaseException, report: str) -> None:
        super().__init__(failure, report)
        self.report = report
        words = redacted(f"{type(failure).__name__}: {failure}".strip(": "))
        self.what = "xconda stopped because of a mistake of its own."
        self.why = f"{words.splitlines()[0]}."
        self.fix = (
            f"{report} has the particulars, without passwords and tokens, and was sent to nobody; "
            "please add it to a bug report."
            if report
            else "run it again with -vvv, and please report what it prints."
        )


def report_unexpected(
    failure: BaseException, words: Sequence[str], environ: Mapping[str, str]
) -> Unexpected:
    """Write a report file and return the failure in words; nothing is ever uploaded."""
    text = redacted("\n".join(_report_lines(failure, words, environ)))
    name = time.strftime("xconda-report-%Y%m%dT%H%M%SZ.txt", time.gmtime())
    for folder in _folders(environ):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        except OSError:
            continue
        return Unexpected(failure, str(folder / name))
    return Unexpected(failure, "")


def _folders(environ: Mapping[str, str]) -> Iterator[Path]:
    yield user_state_folder(environ, home_folder(environ)) / "reports"
    with suppress(OSError):  # there may be no usable temporary folder
        yield Path(tempfile.gettempdir())


def _report_lines(
    failure: BaseException, words: Sequence[str], environ: Mapping[str, str]
) -> list[str]:
    variables = [f"{name}={value}" for name, value in sorted(environ.items()) if _is_ours(name)]
    return [
        f"xconda {__version__}, Python {platform.python_version()}, {platform.platform()}",
        ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES),
        f"command: {shlex.join(['xconda', *words])}",
        "",
        "environment variables",
        *(f"  {line}" for line in variables),
        "",
        "configuration",
        *(f"  {line}" for line in _configuration(environ)),
        "",
        "".join(traceback.format_exception(failure)),
    ]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "missing"


def _configuration(environ: Mapping[str, str]) -> list[str]:
    try:
        _, general = configuration(environ=environ)
        target = opening.target(None, None, environ, general)
        _, settings = configuration(prefix=target.prefix, environ=environ)
    except Exception as error:
        return [f"could not be read: {type(error).__name__}: {error}"]
    origins = settings.origins
    names = (f.name for f in fields(settings) if f.name not in {"origins", "warnings"})
    return [
        f"{name}: {getattr(settings, name)}  # {origins.get(name, 'default')}" for name in names
    ]


def _is_ours(name: str) -> bool:
    return name.upper().startswith(_NAMES)
