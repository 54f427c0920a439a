"""What the commands ``kernel add|remove|list`` share: the folder, and words about a kernel.

Layer: cli.
"""

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from xconda_core.cli.parser import CommandParser
from xconda_core.engine.kernel_specs import user_kernels_folder


def add_data_dir(parser: CommandParser) -> None:
    """Add in which of Jupyter's data folders kernelspecs are."""
    parser.add_argument(
        "--data-dir",
        metavar="FOLDER",
        help="one of Jupyter's data folders; your own unless given",
    )


def kernels_folder(arguments: Namespace, environ: Mapping[str, str]) -> Path:
    """Return the folder of kernelspecs that is meant."""
    if arguments.data_dir:
        return Path(arguments.data_dir).expanduser().absolute() / "kernels"
    return user_kernels_folder(environ)
