"""An environment and an engine, driven with few words."""

from collections.abc import Callable, Mapping
from pathlib import Path

from xconda_core import api
from xconda_core.transaction.plan import Plan

OpenEngine = Callable[[], api.Engine]


class Session:
    """Somebody who changes one environment; every step opens its engine anew."""

    def __init__(self, prefix: Path, open_engine: OpenEngine, *, may_replace: bool = False) -> None:
        self.prefix = prefix
        self.open_engine = open_engine
        self._may_replace = may_replace

    def plan(
        self,
        verb: str,
        *specs: str,
        revision: int | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Plan:
        request = api.ChangeRequest(
            verb=verb,  # type: ignore[arg-type]
            prefix=self.prefix,
            specs=specs,
            revision=revision,
            variables=variables or {},
            may_replace=self._may_replace,
            command=f"xconda {verb} {' '.join(specs)}",
        )
        return self.open_engine().plan(request)

    def __call__(
        self,
        verb: str,
        *specs: str,
        revision: int | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Plan:
        plan = self.plan(verb, *specs, revision=revision, variables=variables)
        self.execute(plan)
        return plan

    def execute(self, plan: Plan) -> api.TransactionResult:
        return self.open_engine().execute(plan)

    @property
    def state(self) -> api.EnvironmentState:
        return self.open_engine().state(self.prefix)

    @property
    def versions(self) -> dict[str, str]:
        return {name: p.record.version for name, p in self.state.installed.items()}
