"""The options that say how the files of packages come into an environment. Layer: cli."""

from argparse import SUPPRESS

from xconda_core.cli.parser import CommandParser


def add_linking(parser: CommandParser) -> None:
    """Add how files are put there, and what is made besides."""
    group = parser.add_argument_group("files of packages, and what is made besides")
    group.add_argument(
        "--copy",
        dest="always_copy",
        action="store_true",
        default=SUPPRESS,
        help="copies, no links into the package cache",
    )
    group.add_argument(
        "--clobber",
        dest="path_conflict",
        action="store_const",
        const="clobber",
        default=SUPPRESS,
        help="a file that two packages bring is the later one's, whatever path_conflict says",
    )
    group.add_argument(
        "--no-pyc",
        dest="compile_pyc",
        action="store_false",
        default=SUPPRESS,
        help="byte code is not compiled now: Python does it when it first loads a module",
    )
    either = group.add_mutually_exclusive_group()
    either.add_argument(
        "--no-shortcuts",
        dest="shortcuts",
        action="store_false",
        default=SUPPRESS,
        help="no package gets an entry in the menus of the desktop",
    )
    either.add_argument(
        "--shortcuts",
        action="store_true",
        default=SUPPRESS,
        help="packages get them (this is so unless configured)",
    )
    either.add_argument(
        "--shortcuts-only",
        metavar="PACKAGE",
        action="append",
        default=SUPPRESS,
        help="only this package gets its entries there; may be given again",
    )
