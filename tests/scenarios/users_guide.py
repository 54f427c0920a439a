"""Commands of conda's user guide, what stands in for its packages, and what each must come to.

Options are as in the guide. Names and versions that the embedded channel does not have are replaced
by ``SUBSTITUTES``; `python 3.9` is a package made for this, the other Python is real.
"""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.scenarios.guide_session import Check, Typed
from xconda_core.testing.simulator import a_package

SECOND_PYTHON = b"#!/bin/sh\n[ \"$1\" = --version ] && echo 'Python 3.9.25'\nexit 0\n"
PYTHON_FILES = {"bin/python3.9": SECOND_PYTHON, "bin/python": SECOND_PYTHON}

PACKAGES: Final = (
    a_package(
        "python",
        "3.9.25",
        subdir="linux-64",
        files=PYTHON_FILES,
        executables=list(PYTHON_FILES),
        python_site_packages_path="lib/python3.9/site-packages",
    ),
    a_package("python", "3.9.25", subdir="osx-64"),
    a_package("pear", "1.0", subdir="linux-64"),
    a_package("pear", "1.5", subdir="linux-64"),
    a_package("pear", "2.0", subdir="linux-64"),
    a_package("pear", "2.0", subdir="osx-64"),
    a_package("plum", "7.26", depends=["pear"]),
    a_package("plum", "8.0", depends=["pear"]),
    a_package("fig", "1.0"),
    a_package("torch", "1.0", depends=["__cuda >=12"]),
    a_package("variant", "1.0", "mkl", depends=["fig"]),
    a_package("variant", "1.0", "open", track_features="open", depends=["fig"]),
)
ELSEWHERE: Final = (a_package("fig", "3.0"), a_package("rare", "0.1"))
"""What the channel ``bioconda`` has."""

SUBSTITUTES: Final = {
    "<my-env>": "my-env",
    "python=3.10": "python=3.9",
    "python=3.12": "python=3.9",
    '"python>=3.11"': '"python>=3.9,<3.10"',
    "scipy=0.17.3": "pear=1.5",
    "scipy=0.15.0": "pear=1.0",
    "scipy": "pear",
    "curl=7.26.0": "plum=7.26",
    "curl": "plum",
    "astroid": "fig",
    "babel": "plum",
    "jupyterlab=3.2": "fig=1.0",
    "matplotlib=3.5": "plum=8.0",
    "numpy=1.21": "pear=2.0",
    "biopython": "pear",
    "bottleneck": "rare",
    "pandas bottleneck": "bioconda rare",
    "pytorch": "torch",
    "iminuit": "pear",
    '"numpy>=1.8,<2"': '"pear>=1.0,<2"',
    '"numpy=1.11.1|1.11.3"': '"pear=1.0|1.5"',
    '"blas=*=mkl"': '"variant=*=mkl"',
    "PKGNAME": "pear",
    "ENVNAME": "myenv",
    "NEWENVNAME": "renamed",
    "NUMBER": "1",
    "MATCHSPECS_GO_HERE": "bioconda::rare",
    "file:///opt/conda-channel": "$MY_CHANNEL",
    "http://conda.anaconda.org/mutirri": "$MY_CHANNEL",
}
ENVIRONMENT_YML: Final = """\
name: stats
channels: [defaults]
dependencies:
  - pear=1.5
  - fig
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the guide.

    Attributes:
        page: The page of the guide that it is from.
        command: As it stands there, a line of a shell.
        check: What must be so afterwards; its exit code must be 0 besides.
        before: Typed first, where the guide tells the reader to do something by hand.
        ends_with: The exit code.
    """

    page: str
    command: str
    check: Check
    before: str = ""
    ends_with: int = 0


def succeeds(typed: Typed) -> None:
    """The exit code, which is always looked at, says it all."""


def says(*texts: str) -> Check:
    def check(typed: Typed) -> None:
        for text in texts:
            assert text in typed.out, f"{text!r} is not in\n{typed.out}"

    return check


def says_not(*texts: str) -> Check:
    def check(typed: Typed) -> None:
        assert [text for text in texts if text in typed.out] == []

    return check


def has(name: str, *specs: str, lacks: str = "") -> Check:
    """Specs are ``name``, or ``name=version`` where versions begin so."""

    def check(typed: Typed) -> None:
        installed = typed.installed(name)
        for spec in specs:
            package, _, version = spec.partition("=")
            assert installed.get(package, "-").startswith(version), (spec, installed)
        assert lacks not in installed

    return check


def gone(name: str) -> Check:
    def check(typed: Typed) -> None:
        assert not typed.prefix(name).exists()

    return check


def active(name: str) -> Check:
    def check(typed: Typed) -> None:
        expected = str(typed.prefix(name).resolve()) if name else ""
        assert typed.active == expected

    return check


def configures(*lines: str) -> Check:
    def check(typed: Typed) -> None:
        for line in lines:
            assert line in typed.condarc, typed.condarc

    return check


def writes(file: str, *texts: str) -> Check:
    def check(typed: Typed) -> None:
        content = (typed.project / file).read_text()
        for text in texts:
            assert text in content, content

    return check


def every(*checks: Check) -> Check:
    def check(typed: Typed) -> None:
        for each in checks:
            each(typed)

    return check


def _environments_are_listed(typed: Typed) -> None:
    for name in ("my-env", "myenv", "stats"):
        assert str(typed.prefix(name)) in typed.out


def _json_names_the_archive(typed: Typed) -> None:
    actions = typed.document()["actions"]
    assert sorted(each["name"] for each in actions["LINK"]) == ["rare"]
    assert [bool(each["url"] and each["md5"]) for each in actions["FETCH"]] == [True]


def _json_file_is_json(typed: Typed) -> None:
    document = json.loads((typed.project / "environment.json").read_text())
    assert "pear=1.5=0" in document["dependencies"]


def _real_python(typed: Typed) -> None:
    python = typed.prefix("myenv") / "bin" / "python"
    answer = _said([python, "-c", "import ssl, sys; print(sys.prefix)"])
    assert answer == str(typed.prefix("myenv").resolve())


def _numpy_works(typed: Typed) -> None:
    python = typed.prefix("myenv") / "bin" / "python"
    assert _said([python, "-c", "import numpy; print(numpy.arange(4).sum())"]) == "6"


def _said(words: Sequence[str | Path]) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _is_for_osx(typed: Typed) -> None:
    assert "osx-64" in (typed.prefix("python-x64") / ".condarc").read_text()


def _mkl(typed: Typed) -> None:
    assert list((typed.prefix("stats") / "conda-meta").glob("variant-1.0-mkl.json"))


def _channels(typed: Typed) -> list[str]:
    rows = typed.condarc.partition("channels:")[2].splitlines()[1:]
    return [row.strip(" -") for row in rows if row.lstrip().startswith("-")]


def _first_channel(name: str) -> Check:
    def check(typed: Typed) -> None:
        assert _channels(typed)[0] == name, typed.condarc

    return check


def _last_channel(name: str) -> Check:
    def check(typed: Typed) -> None:
        assert _channels(typed)[-1] == name, typed.condarc

    return check


_CONDA, _ENVS = "tasks/manage-conda", "tasks/manage-environments"
_PACKAGES, _CHANNELS, _PYTHON = "tasks/manage-pkgs", "tasks/manage-channels", "tasks/manage-python"
_VIRTUAL, _CONFIG, _SHEET = "tasks/manage-virtual", "configuration/use-condarc", "cheatsheets"
_HELP, _CONCEPTS, _SPECS = "tasks/view-command-line-help", "concepts", "concepts/pkg-specs"

ROWS: Final = (
    Row(_CONDA, "conda --version", says("xconda ")),
    Row(_CONDA, "conda info", says("platform", "linux-64", "virtual packages", "base environment")),
    Row(_HELP, "conda --help", says("create", "install", "remove", "search")),
    Row(_HELP, "conda create -h", says("--name", "--clone", "examples:")),
    # environments
    Row(_ENVS, "conda create --name <my-env>", has("my-env")),
    Row(_ENVS, "conda create -n myenv python=3.9", has("myenv", "python=3.9")),
    Row(_ENVS, "conda create -n myenv scipy=0.17.3", has("myenv", "pear=1.5", lacks="python")),
    Row(_ENVS, "conda install -n myenv scipy=0.15.0", has("myenv", "pear=1.0")),
    Row(
        _ENVS,
        "conda create -n myenv python=3.9 scipy=0.17.3 astroid babel",
        has("myenv", "python=3.9", "pear=1.5", "fig=1.0", "plum=8.0"),
    ),
    Row(
        _ENVS,
        "conda create --no-default-packages -n myenv python",
        every(has("myenv", "python=3.", lacks="fig"), says("python")),
        before="conda config --append create_default_packages fig",
    ),
    Row(_ENVS, "conda create -n myenv python=3.9", has("myenv", "python=3.9", "fig")),
    Row(
        _CONFIG,
        "conda config --remove-key create_default_packages",
        configures("channels"),
    ),
    Row(
        _ENVS,
        "conda create --file environment.yml",
        has("stats", "pear=1.5", "fig"),
        before=f"printf '{ENVIRONMENT_YML}' > environment.yml",
    ),
    Row(
        _ENVS,
        "conda env update --file environment.yml  --prune",
        has("stats", "pear=1.5", lacks="fig"),
        before="sed -i '/fig/d' environment.yml",
    ),
    Row(_ENVS, "conda env list", _environments_are_listed),
    Row(_ENVS, "conda info --envs", _environments_are_listed),
    Row(
        _ENVS,
        "conda create --platform osx-64 --name python-x64 python",
        every(has("python-x64", "python=3.9.25"), _is_for_osx),
    ),
    Row(
        _ENVS,
        "conda create --prefix ./envs jupyterlab=3.2 matplotlib=3.5 numpy=1.21",
        has("./envs", "fig=1.0", "plum=8.0", "pear=2.0"),
    ),
    Row(_ENVS, "conda activate ./envs", active("./envs")),
    Row(_ENVS, "conda config --set env_prompt '({name})'", configures("env_prompt: '({name})'")),
    Row(_ENVS, "conda list", says("fig", "plum", "pear")),
    Row(_ENVS, "conda activate myenv", active("myenv")),
    Row(_ENVS, "conda deactivate", active("./envs")),
    Row(_ENVS, "conda deactivate", active("")),
    Row(_ENVS, "conda config --set auto_stack 1", configures("auto_stack: 1")),
    Row(_ENVS, "conda create --name myclone --clone myenv", has("myclone", "python=3.9", "fig")),
    Row(_ENVS, "conda list -n myenv scipy", says_not("pear", "fig"), ends_with=1),
    Row(_ENVS, "conda list -n stats scipy", says("pear", "1.5")),
    # variables
    Row(_ENVS, "conda create -n test-env", has("test-env")),
    Row(
        _ENVS,
        "conda env config vars set my_var=value",
        succeeds,
        before="conda activate test-env",
    ),
    Row(_ENVS, "conda activate test-env; echo $MY_VAR", says("value")),
    Row(_ENVS, "conda env config vars list", says("my_var = value")),
    Row(_ENVS, "conda env config vars unset my_var -n test-env", succeeds),
    Row(_ENVS, 'conda deactivate; echo "<$MY_VAR>"', every(says("<>"), active(""))),
    # environments as files
    Row(
        _ENVS,
        "conda list --explicit > spec-file.txt",
        writes("spec-file.txt", "@EXPLICIT", "/pear-1.5-0.conda"),
        before="conda activate stats",
    ),
    Row(_ENVS, "conda create --name myenv --file spec-file.txt", has("myenv", "pear=1.5")),
    Row(_ENVS, "conda install --name my-env --file spec-file.txt", has("my-env", "pear=1.5")),
    Row(_ENVS, "conda export > environment.yaml", writes("environment.yaml", "pear=1.5")),
    Row(
        _ENVS,
        "conda export --name myenv --format=environment-yaml",
        says("name: myenv", "pear=1.5", "defaults"),
    ),
    Row(_ENVS, "conda export --file=environment.json", _json_file_is_json),
    Row(_ENVS, "conda export --file=explicit.txt", writes("explicit.txt", "@EXPLICIT")),
    Row(
        _ENVS,
        "conda export --file=requirements.txt",
        writes("requirements.txt", "pear==1.5"),
    ),
    Row(_ENVS, "conda export --from-history --format=environment-yaml", says("pear=1.5")),
    Row(_ENVS, "conda env export > environment.yml", writes("environment.yml", "name: stats")),
    Row(
        _ENVS,
        "conda export --name my-env --file conda-lock.yaml --platform linux-64 --platform osx-64",
        writes("conda-lock.yaml", "linux-64", "osx-64", "pear"),
    ),
    Row(
        _ENVS,
        "conda create --name my-env --file conda-lock.yaml",
        has("my-env", "pear"),
    ),
    Row(_ENVS, "conda create --dry-run MATCHSPECS_GO_HERE --json", _json_names_the_archive),
    Row(_ENVS, "conda remove --name myenv --all", gone("myenv")),
    # packages
    Row(_PACKAGES, "conda search scipy", says("1.0", "1.5", "2.0", "main")),
    Row(_PACKAGES, "conda search --override-channels --channel defaults scipy", says("2.0")),
    Row(
        _PACKAGES,
        "conda search --override-channels --channel http://conda.anaconda.org/mutirri iminuit",
        every(says("9.9"), says_not("2.0")),
    ),
    Row(_PACKAGES, "conda create --name myenv --exclude-newer 7d python", _real_python),
    Row(
        _ENVS,
        "conda run -n myenv python script.py",
        says("ran in myenv"),
        before=(
            "echo 'import os, sys; print(\"ran in\", os.path.basename(sys.prefix))' > script.py"
        ),
    ),
    Row(_ENVS, "conda install -n myenv pip", has("myenv", "pip")),
    Row(_PACKAGES, "conda install --name myenv numpy", _numpy_works),
    Row(_PACKAGES, "conda install scipy", has("stats", "pear")),
    Row(_PACKAGES, "conda install scipy=0.15.0 curl=7.26.0", has("stats", "pear=1.0", "plum=7")),
    Row(_PACKAGES, "conda update biopython", has("stats", "pear=2.0")),
    Row(_PACKAGES, "conda update --exclude-newer 7d --all", has("stats", "plum=8.0")),
    Row(
        _PACKAGES,
        "conda update scipy --no-pin",
        has("stats", "pear=2.0"),
        before="conda install pear=1.5; echo 'pear 1.*' > $CONDA_PREFIX/conda-meta/pinned",
    ),
    Row(_PACKAGES, "conda install -c pandas bottleneck", has("stats", "rare=0.1")),
    Row(_PACKAGES, "conda remove -n stats scipy", has("stats", "rare", lacks="pear")),
    Row(_PACKAGES, "conda install scipy curl", has("stats", "pear", "plum")),
    # channels
    Row(_CHANNELS, "conda config --add channels new_channel", _first_channel("new_channel")),
    Row(_CHANNELS, "conda config --append channels new_channel", _last_channel("new_channel")),
    Row(_CONFIG, "conda config --remove channels new_channel", says_not("error")),
    Row(_CHANNELS, "conda config --set channel_priority strict", configures("strict")),
    Row(
        _CHANNELS,
        "conda install --channel conda-forge --override-channels numpy",
        says("numpy", "conda-forge"),
    ),
    Row(
        _CHANNELS,
        "conda install conda-forge::scipy",
        has("stats", "pear=2.0"),
        "rm $CONDA_PREFIX/conda-meta/pinned",
    ),
    Row(
        _CONCEPTS,
        "conda search --channel file:///opt/conda-channel --override-channels",
        says("pear", "9.9"),
    ),
    Row(_CONCEPTS, 'conda install variant "blas=*=mkl"', _mkl),
    Row(_SPECS, 'conda install "numpy>=1.8,<2"', has("stats", "pear=1.5")),
    Row(_SPECS, 'conda install "numpy=1.11.1|1.11.3"', has("stats", "pear=1.")),
    # Python
    Row(_PYTHON, "conda search python", says("3.9.25")),
    Row(_PYTHON, "conda search --full-name python", every(says("3.9.25"), says_not("python_abi"))),
    Row(_PYTHON, "conda create -n py39 python=3.9", has("py39", "python=3.9.25")),
    Row(_PYTHON, "conda update python", has("py39", "python=3.1"), before=("conda activate py39")),
    Row(_PYTHON, "conda install python=3.10", has("py39", "python=3.9.25")),
    # virtual packages
    Row(_VIRTUAL, "CONDA_OVERRIDE_CUDA=12.8 conda install pytorch", has("py39", "torch=1.0")),
    Row(_VIRTUAL, "CONDA_OVERRIDE_GLIBC=2.17 conda info", says("__glibc=2.17")),
    # configuration
    Row(_CONFIG, "conda config --get", says("--set channel_priority strict")),
    Row(_CONFIG, "conda config --get channels", says("--add channels 'defaults'")),
    Row(_CONFIG, "conda config --show-sources", says(".condarc")),
    Row(
        _CONFIG,
        "conda config --add channels http://conda.anaconda.org/mutirri",
        configures("file:///"),
    ),
    Row(_CONFIG, "conda config --remove channels http://conda.anaconda.org/mutirri", succeeds),
    # the cheat sheets
    Row(_SHEET, "conda search PKGNAME --info", says("url", "sha256")),
    Row(_SHEET, "conda list --show-channel-urls", says("/main")),
    Row(_SHEET, "conda list --name ENVNAME --revisions", says("1  20", "+ python 3.")),
    Row(_SHEET, "conda install --name ENVNAME --revision NUMBER", has("myenv", "python")),
    Row(
        _SHEET,
        "conda rename --name ENVNAME NEWENVNAME",
        every(gone("myenv"), has("renamed", "python")),
    ),
    Row(_SHEET, "conda uninstall --name stats PKGNAME", has("stats", lacks="pear")),
    Row(_SHEET, "conda update --all --name stats", has("stats", "rare")),
    Row(_SHEET, "conda clean --all", says("archives")),
    Row(_CONFIG, "conda config --remove-key channels", succeeds),
)
