"""Packages with all that is said of them: what ``search`` answers for ``--info`` and ``--json``.

Layer: cli.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from xconda_core.cli.attestation_text import attestation_lines
from xconda_core.cli.console import Console
from xconda_core.cli.documents import search_document
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.package_text import everything
from xconda_core.engine.attesting import Attested, attested
from xconda_core.engine.channel_documents import run_exports
from xconda_core.engine.engine import Engine
from xconda_core.events import Reporter
from xconda_core.models.package_record import PackageRecord
from xconda_core.models.run_exports import RunExports
from xconda_core.trust.certificates import certificates

_NONE: Final[Mapping[str, RunExports]] = MappingProxyType({})
_UNATTESTED: Final[Mapping[str, Attested]] = MappingProxyType({})


def show_found(
    invocation: Invocation, engine: Engine, find: Callable[[Reporter], tuple[PackageRecord, ...]]
) -> int:
    """Show what channels say of the packages that ``find`` finds; return the exit code."""
    arguments, console = invocation.arguments, invocation.console
    with console.progress() as view:
        records = find(view.report)
        exports, said = _NONE, _UNATTESTED
        if arguments.info:
            exports = run_exports(
                engine.wiring, engine.settings, records, view.report, invocation.cancel
            )
        if arguments.attestations:
            fetcher = engine.wiring.fetcher(invocation.cancel)
            said = attested(records, fetcher, invocation.cancel, certificates())
    show_whole(console, records, exports, said)
    console.document(lambda: search_document(records, exports, said))
    return 0


def show_whole(
    console: Console,
    records: Iterable[PackageRecord],
    exports: Mapping[str, RunExports] = _NONE,
    said: Mapping[str, Attested] = _UNATTESTED,
) -> None:
    """Say all that is said of each package; nothing with ``--json``, which has it already."""
    if console.manners.json:
        return
    for record in records:
        lines = attestation_lines(said[record.url]) if record.url in said else ()
        console.say(*everything(record, exports.get(record.url)), *lines, "")
