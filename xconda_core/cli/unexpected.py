"""What nobody foresaw, in one paragraph and a report file that stays here. Layer: cli."""

import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from xconda_core.cli.surroundings import surroundings
from xconda_core.config.environ import home_folder, user_state_folder
from xconda_core.config.redaction import redacted
from xconda_core.errors import XcondaError


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
    text = redacted(
        "\n".join([*surroundings(words, environ), *traceback.format_exception(failure)])
    )
    name = time.strftime("xconda-report-%Y%m%dT%H%M%SZ.txt", time.gmtime())
    for folder in _folders(environ):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return Unexpected(failure, str(folder / name))
    return Unexpected(failure, "")


def _folders(environ: Mapping[str, str]) -> Iterator[Path]:
    yield user_state_folder(environ, home_folder(environ)) / "reports"
    with suppress(OSError):  # there may be no usable temporary folder
        yield Path(tempfile.gettempdir())
