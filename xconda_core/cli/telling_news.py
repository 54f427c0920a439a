"""News after a change: what its channels have to say, and a newer xconda. Layer: cli.

Whatever goes wrong with them breaks no command.
"""

import logging
from collections.abc import Sequence
from typing import Final

from xconda_core.cancel import CancelToken
from xconda_core.cli.console import Text
from xconda_core.cli.notice_text import notice_lines
from xconda_core.engine.engine import Engine
from xconda_core.engine.news import News
from xconda_core.engine.requests import ChangeRequest
from xconda_core.errors import XcondaError

_log: Final = logging.getLogger(__name__)


def newer_version(engine: Engine) -> str:
    """Return that there is a newer xconda, or nothing; what goes wrong with that breaks nothing."""
    try:
        return News(engine.settings, engine.wiring).newer_version()
    except XcondaError as error:
        _log.info("no look at newer versions: %s", error.what)
    return ""


def unread_notices(
    engine: Engine, request: ChangeRequest, cancel: CancelToken
) -> Sequence[Text | str]:
    """Return what the channels have to say; what goes wrong with that breaks no command."""
    try:
        notices, more = News(engine.settings, engine.wiring).unread(request, cancel)
    except XcondaError as error:
        _log.info("no notices: %s", error.what)
        return ()
    return notice_lines(notices, more)
