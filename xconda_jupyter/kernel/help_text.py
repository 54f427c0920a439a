"""What ``%xconda help`` says, and what of it is about one verb."""

from __future__ import annotations

HELP = """\
%xconda installs packages into an environment, by default that of this kernel.

  %xconda create -n NAME python numpy   make a new environment
  %xconda install "numpy>=2" pandas     install packages, or change their versions
  %xconda remove pandas                 remove packages (also: uninstall)
  %xconda update pandas                 to the newest versions that fit (also: upgrade; --all)
  %xconda undo [REVISION]               back to the state before the last change, or to a revision
  %xconda redo                          take the last undo back
  %xconda reload                        use what changed while it was imported, where that can be
  %xconda history                       what was changed, when, and by which command
  %xconda doctor [CHECK ...]            what is not as it should be (--fix: mend what packages can)
  %xconda diff [REVISION [REVISION]]    what lies between two revisions, or one and now
  %xconda list [TEXT]                   what is installed (--explicit: as addresses)
  %xconda export [-f FILE]              it as a file (--from-history, --format, --no-builds)
  %xconda lock [-o FILE]                every package fixed (--platform)
  %xconda search SPEC                   what the channels have (--outdated, --envs, --module NAME)
  %xconda why PACKAGE                   why it is installed, and why in this version
  %xconda tree [PACKAGE]                what needs what (--invert, --depth N)
  %xconda try SPEC ... --or SPEC ...    several ways to ask, solved and compared; changes nothing
  %xconda repoquery depends PACKAGE     what it needs, in the channels (--tree, --recursive)
  %xconda repoquery whoneeds PACKAGE    what needs it there; repoquery search SPEC: best first
  %xconda panel                         packages, search, history as a panel (ipywidgets)
  %xconda missing [NOTEBOOK.ipynb]      modules that are not found, and the packages to install
  %xconda help-imports on|off           whether a failed import is answered like that at once
  %xconda env                           which environment this is, which there are, and whether
                                        what the notebook asks for (`# /// script`) is there
  %xconda switch NAME [--yes]           run this notebook in another one; says what would be lost
  %xconda kernel list|add|remove        environments as kernels for nbconvert, papermill (--all)
  %xconda info                          which environment, channels, places
  %xconda config [SETTING ...]          what is configured, and where (--all)
  %xconda run PROGRAM ...               a program in an environment, as if activated (-n NAME)
  %xconda rename -n NAME NEW --yes      another name or folder for an environment
  %xconda env create|update [-f FILE]   an environment as a file has it (create --clone ENV: a twin)
  %xconda env remove -n NAME --yes      a whole environment goes; env config vars: its variables
  %xconda verify LOCK, compare FILE     does an environment hold what a file fixes, asks for?
  %xconda package --which FILE          which package owns it; --untracked: files that none owns
  %xconda notices                       what channels have to say
  %xconda plugins list                  plugins of xconda; their commands are `%xconda NAME`
  %xconda report                        a file for a bug report, without secrets
  %xconda channel index FOLDER          make a folder of packages a channel
  %xconda clean [--yes]                 what package caches can do without; --yes takes it away
  %xconda help                          this text

Options
  -n NAME, -p FOLDER         another environment
  -c CHANNEL                 look here before the configured channels (may be repeated)
  --override-channels        use the channels given with -c alone
  --dry-run                  show what would change, and change nothing
  --prove                    say whether what is named could be newer, and prove it where not
  -y, --yes                  also where the running Python, ipykernel or xconda would change
  --json                     answer with one JSON document
  -q, --quiet                no progress, the result only
  -v, -vv, -vvv, -vvvv       also what goes on: warnings in detail, information, debugging,
                             everything (--debug is -vvv, --trace is -vvvv)
  and those of the command line: --freeze-installed, --update-deps, --no-deps, --only-deps, -S,
  --no-pin, --force-reinstall, --prune, --exclude-newer WHEN, --offline ...; Tab shows them

A cell can hold one package per line, or one command per line:

  %%xconda install -c conda-forge       %%xconda
  numpy >=2                             install "numpy>=2"
  pandas                                remove scipy

Interrupt the kernel to cancel: what was begun is undone.
"""

_BEGINNING = "  %xconda "


def lines_about(verb: str) -> str:
    """Return the lines of the help that are about ``verb``, with what continues them."""
    found = []
    is_meant = False
    for line in HELP.splitlines():
        if line.startswith(_BEGINNING):
            is_meant = line[len(_BEGINNING) :].split(maxsplit=1)[0] == verb.partition(" ")[0]
        elif not line.startswith(" " * len(_BEGINNING)):
            is_meant = False
        if is_meant:
            found.append(line[2:])
    return "\n".join(found)
