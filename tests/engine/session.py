"""An environment and an engine, driven with few words."""

from collections.abc import Callable
from pathlib import Path

from xconda_core import api
from xconda_core.transaction.plan import Plan

OpenEngine = Callable[[], api.Engine]


class Session:
    """Somebody who changes one environment; every step opens its engine anew."""

    def __init__(self, prefix: Path, open_engine: OpenEngine) -> None:
        self.prefix = prefix
        self._open_engine = open_engine

    def plan(self, verb: str, *specs: str, revision: int | None = None) -> Plan:
        request = api.ChangeRequest(
            verb=verb,  # type: ignore[arg-type]
            prefix=self.prefix,
            specs=specs,
            revision=revision,
            command=f"xconda {verb} {' '.join(specs)}",
        )
        return self._open_engine().plan(request)

    def __call__(self, verb: str, *specs: str, revision: int | None = None) -> Plan:
        plan = self.plan(verb, *specs, revision=revision)
        self.execute(plan)
        return plan

    def execute(self, plan: Plan) -> api.TransactionResult:
        return self._open_engine().execute(plan)

    @property
    def state(self) -> api.EnvironmentState:
        return self._open_engine().state(self.prefix)

    @property
    def versions(self) -> dict[str, str]:
        return {name: p.record.version for name, p in self.state.installed.items()}
