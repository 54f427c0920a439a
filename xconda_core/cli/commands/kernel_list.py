"""``xconda kernel list``: which environments Jupyter can start, and which not. Layer: cli."""

from collections.abc import Sequence

from xconda_core.cli.console import Text
from xconda_core.cli.invocation import Invocation
from xconda_core.cli.kernel_options import add_data_dir, kernels_folder
from xconda_core.cli.opening import open_engine
from xconda_core.cli.options import add_output
from xconda_core.cli.parser import CommandParser
from xconda_core.cli.table import aligned, headed
from xconda_core.engine.environment_entry import environments
from xconda_core.engine.kernel_specs import (
    AddedKernel,
    EnvironmentWithKernels,
    added_kernels,
    environments_with_kernels,
)


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``kernel list``."""
    add_data_dir(parser)
    add_output(parser)
    parser.epilog = "examples:\n  xconda kernel list\n  xconda kernel list --json"


def run(invocation: Invocation) -> int:
    """Show each environment with its kernels; those in Jupyter whose environment is gone too."""
    console = invocation.console
    entries = environments(open_engine(invocation))
    folder = kernels_folder(invocation.arguments, invocation.environ)
    added = added_kernels(folder)
    found = environments_with_kernels(entries, added)
    gone = [each for each in added if each.is_gone]
    console.say(*_table(found))
    console.say(*_words(gone))
    console.document(
        {
            "folder": str(folder),
            "environments": [each.to_json() for each in found],
            "added": [each.to_json() for each in added],
        }
    )
    return 0


def _table(found: Sequence[EnvironmentWithKernels]) -> list[Text | str]:
    if not found:
        return ["no environments yet; `xconda create -n NAME python ipykernel` makes one"]
    rows = [
        (
            each.entry.name or str(each.entry.prefix),
            ", ".join(kernel.display_name for kernel in each.kernels) or "no kernel yet",
            ", ".join(each.added) or (f"`{each.offer}`" if each.offer else "-"),
        )
        for each in found
    ]
    heading, *lines = aligned((headed(("Environment", "Kernels", "Added to Jupyter as")), *rows))
    return [Text(heading, "faint"), *lines]


def _words(gone: Sequence[AddedKernel]) -> list[str]:
    lines = [f"{each.name}: its environment {each.prefix} is not there any more" for each in gone]
    return [*lines, "`xconda kernel remove --gone` takes such kernels away"] if gone else []
