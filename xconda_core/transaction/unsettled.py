"""Whether a transaction was begun in a prefix and not ended. Layer: transaction.

Every command asks it first; what it takes to settle one is loaded only then.
"""

import os
from pathlib import Path
from typing import Final

OWN_FOLDER: Final = "conda-meta/.xconda"
TRANSACTION: Final = f"{OWN_FOLDER}/transaction"
LOCK_WAIT_SECONDS: Final = 900.0  # the longest that one transaction may keep others waiting


def is_unsettled(prefix: Path) -> bool:
    """Whether a transaction in ``prefix`` is under way or was interrupted: one ``stat``."""
    return os.path.lexists(f"{prefix}/{TRANSACTION}")
