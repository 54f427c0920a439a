"""``xconda kernel add``: let Jupyter start an environment, also where no server helps. Layer: cli.

Nothing else writes kernelspecs. JupyterLab sees them without a restart.
"""

from xconda_core.cli.invocation import Invocation
from xconda_core.cli.kernel_options import add_data_dir, kernels_folder
from xconda_core.cli.opening import open_engine, open_target
from xconda_core.cli.options import add_output, add_target
from xconda_core.cli.parser import CommandParser, UsageError
from xconda_core.engine.environment_entry import environment_entry, environments
from xconda_core.engine.kernel_specs import (
    EnvironmentWithKernels,
    NoKernel,
    add_kernel,
    add_notebook_kernel,
    environments_with_kernels,
)


def configure(parser: CommandParser) -> None:
    """Add the arguments of ``kernel add``."""
    parser.add_argument(
        "--all",
        dest="every",
        action="store_true",
        help="every environment that has a kernel installed",
    )
    parser.add_argument(
        "--notebook",
        dest="notebook_kernel",
        action="store_true",
        help="one kernel that starts in the environment which a notebook's metadata name",
    )
    add_data_dir(parser)
    add_target(parser)
    add_output(parser)
    parser.epilog = "examples:\n  xconda kernel add -n demo\n  xconda kernel add --all"


def run(invocation: Invocation) -> int:
    """Write the kernelspecs, and say what Jupyter calls them.

    Raises:
        NoKernel: the environment has no kernel installed.
        KernelNameTaken: another program's kernelspec has the name.
        UsageError: ``--all`` beside one environment.
    """
    arguments, console = invocation.arguments, invocation.console
    folder = kernels_folder(arguments, invocation.environ)
    if arguments.notebook_kernel:
        open_engine(invocation)
        added = [add_notebook_kernel(folder)]
    else:
        found = _meant(invocation)
        added = [add_kernel(kernel, folder) for each in found for kernel in each.kernels]
        for each in found:
            if each.offer:
                label = each.entry.name or each.entry.prefix
                console.remark(f"{label} has no kernel yet; `{each.offer}` installs Python's")
    console.say(*(f"{each.name}: {each.display_name}" for each in added))
    console.document({"folder": str(folder), "added": [each.to_json() for each in added]})
    return 0


def _meant(invocation: Invocation) -> tuple[EnvironmentWithKernels, ...]:
    arguments = invocation.arguments
    if arguments.every:
        if arguments.name or arguments.prefix:
            raise UsageError("xconda kernel add", "--all leaves nothing for -n or -p to choose.")
        return environments_with_kernels(environments(open_engine(invocation)))
    engine, target = open_target(invocation)
    entry = environment_entry(target.prefix, engine.settings, "")
    found = environments_with_kernels([entry])
    if found[0].offer:
        raise NoKernel(target.prefix)
    return found
