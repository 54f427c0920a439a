"""What ``env config vars set`` and ``unset`` share: write, and say when it counts. Layer: cli."""

from collections.abc import Mapping

from xconda_core.cancel import CancelToken
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.opening import open_target
from xconda_core.config.redaction import redacted
from xconda_core.engine.protection import refuse_protected
from xconda_core.environment.variables import read_variables, write_variables
from xconda_core.files.locks import locked
from xconda_core.transaction.journal import LOCK_FILE


def set_variables(invocation: Invocation, variables: Mapping[str, str | None]) -> int:
    """Set ``variables`` for the environment that is meant; None takes one away.

    Raises:
        VariableRefused, VariableNotSet: one of them cannot be.
        EnvironmentFrozen, ManagedElsewhere, NewerFormat: the environment must not be changed.
        Locked: another process is changing the environment.
    """
    engine, target = open_target(invocation)
    prefix = target.prefix
    engine.require(prefix, invocation.console.notice)
    protects = engine.settings.protect_frozen_envs
    refuse_protected(prefix, engine.state(prefix), protect_frozen=protects)
    command, cancel = redacted(invocation.command_line), CancelToken()
    with locked(prefix / LOCK_FILE, target=prefix, command=command, cancel=cancel):
        write_variables(prefix, variables)
    invocation.console.remark(
        f"Noted for {prefix}. It counts when the environment is activated anew, and for a kernel "
        "when it is restarted."
    )
    invocation.console.document({"success": True, "env_vars": {**read_variables(prefix)}})
    return 0
