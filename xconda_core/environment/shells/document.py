"""What activation changes, as a JSON document for editors and other programs. Layer: environment.

Its keys are those of conda's ``shell.posix+json``. Pure.
"""

import os
from collections.abc import Mapping

from xconda_core.environment.activation_change import ActivationChange
from xconda_core.environment.shells.dialect import Dialect, prompt_after


def document(change: ActivationChange, dialect: Dialect, environ: Mapping[str, str]) -> str:
    """Return ``change`` as ``{path, vars: {export, unset, set}, scripts}``."""
    import json

    exported = dict(change.set)
    path = exported.pop("PATH", None)
    shown = prompt_after(change, dialect, environ)
    whole = {
        "path": {} if path is None else {"PATH": path.split(os.pathsep)},
        "vars": {
            "export": exported,
            "unset": list(change.unset),
            "set": {} if shown is None else {dialect.prompt_variable: shown},
        },
        "scripts": {
            "activate": [str(script) for script in change.activate_scripts],
            "deactivate": [str(script) for script in change.deactivate_scripts],
        },
    }
    return json.dumps(whole, indent=2) + "\n"
