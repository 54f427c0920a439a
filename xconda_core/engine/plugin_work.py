"""Where plugins take part in what is carried out; without plugins all of it is nothing.

Layer: engine. One of the places where a first-party import may stand inside a function: what
plugins need is loaded where there is one.
"""

from xconda_core.cancel import CancelToken
from xconda_core.engine.plugin_set import PluginSet
from xconda_core.events import Reporter
from xconda_core.transaction.companions import Companions
from xconda_core.transaction.plan import Plan


def companions_of(
    plugins: PluginSet, plan: Plan, report: Reporter, cancel: CancelToken
) -> Companions | None:
    """Return what plugins do in the transaction that carries ``plan`` out; None for nothing.

    Raises:
        XcondaError: a plugin does not want it.
    """
    if not plugins:
        return None
    from xconda_core.engine.plugin_actions import companions

    return companions(plugins, plan, report, cancel)
