"""``xconda kernel remove``: take away what ``xconda kernel add`` wrote. Layer: cli."""

from collections.abc import Sequence
from typing import ClassVar

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.kernel_options import add_data_dir, kernels_folder
from xconda_core.cli.opening import open_engine, open_target
from xconda_core.cli.options import add_output, add_target
from xconda_core.cli.parser import CommandParser
from xconda_core.engine.kernel_specs import AddedKernel, added_kernels, remove_kernels
from xconda_core.errors import XcondaError


class KernelNotAdded(XcondaError):
    """No kernelspec of xconda's has that name."""

    code: ClassVar[str] = "kernel-not-added"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(name, known)
        self.name, self.known = name, tuple(known)
        self.what = f"The kernel {name} was not removed."
        self.why = f"xconda added none of that name; it added {', '.join(known) or 'none'}."
        self.fix = "`xconda kernel list` shows all; others are `jupyter kernelspec remove`'s."


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``kernel remove``."""
    parser.add_argument("kernels", nargs="*", metavar="KERNEL", help="as Jupyter calls it")
    parser.add_argument(
        "--all", dest="every", action="store_true", help="every kernel that xconda added"
    )
    parser.add_argument(
        "--gone", action="store_true", help="those whose environment is not there any more"
    )
    add_data_dir(parser)
    add_target(parser)
    add_output(parser)
    parser.epilog = (
        "examples:\n  xconda kernel remove -n demo\n  xconda kernel remove xconda-demo\n"
        "  xconda kernel remove --gone"
    )


def run(invocation: Invocation) -> int:
    """Remove the kernelspecs; where there is none, nothing is to be done.

    Raises:
        KernelNotAdded: xconda added none of a name that was given.
    """
    console = invocation.console
    folder = kernels_folder(invocation.arguments, invocation.environ)
    removed = _meant(invocation, added_kernels(folder))
    remove_kernels(removed)
    console.say(*(f"{each.name} removed" for each in removed))
    if not removed:
        console.say("nothing to remove")
    console.document({"folder": str(folder), "removed": [each.to_json() for each in removed]})
    return 0


def _meant(invocation: Invocation, added: Sequence[AddedKernel]) -> list[AddedKernel]:
    arguments = invocation.arguments
    if arguments.every or arguments.gone:
        open_engine(invocation)
        return [each for each in added if arguments.every or each.is_gone]
    if arguments.kernels:
        open_engine(invocation)
        known = {each.name: each for each in added}
        for name in arguments.kernels:
            if name not in known:
                raise KernelNotAdded(name, list(known))
        return [known[name] for name in dict.fromkeys(arguments.kernels)]
    _, target = open_target(invocation)
    return [each for each in added if each.prefix == target.prefix]
