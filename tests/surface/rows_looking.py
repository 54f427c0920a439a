"""Rows of the commands that look, and of those that tidy and repair."""

from tests.surface.effects import (
    answers,
    asks,
    does_not_ask,
    gives,
    says,
    silences,
    takes_away,
    writes,
)
from tests.surface.option_row import Row

GARDEN_FIRST = {"CONDA_CHANNELS": "{server}/garden,{server}/orchard"}
TWO_CHANNELS = {"CONDA_CHANNELS": "{server}/orchard,{server}/garden"}
SECRET = {"CONDA_CHANNELS": "{server}/t/secret/orchard"}
DAMAGED = {"envs/demo/share/pear.txt": "x"}
PIP = {
    "envs/demo/conda-meta/python-3.12.1-0.json": '{"name": "python", "version": "3.12.1",'
    ' "build": "0", "build_number": 0, "files": [], "channel": "", "subdir": "linux-64"}',
    "envs/demo/lib/python3.12/site-packages/kiwi-7.0.dist-info/METADATA":
        "Name: kiwi\nVersion: 7.0\n",
}  # fmt: skip

LIST = (
    Row("list -n demo [--show-channel-urls]", answers("http")),
    Row("list -n demo [--no-show-channel-urls]", silences("orchard")),
    Row("list -n demo [--fields version,name]", answers("Version  Package")),
    Row("list -n demo --json [--reverse]",
        gives("the last one first", lambda found: found[0]["name"] == "seed")),
    Row("list -n demo [-c|--canonical]", answers("noarch::apple-1.0-0")),
    Row("list -n demo ^a [-f|--full-name]", silences("apple"), exit_code=1),
    Row("list -n demo [--explicit]", answers("@EXPLICIT")),
    Row("list -n demo --explicit [--md5]", silences("sha256:")),
    Row("list -n demo --explicit [--sha256]",
        idle="every line has its SHA-256 unless --md5 is given: no line can be swapped unseen"),
    Row("list -n demo [-e|--export]", answers("apple=1.0=0")),
    Row("list -n demo [-r|--revisions]", answers("xconda create")),
    Row("list -n demo [--size]", answers("on disk")),
    Row("list -n demo [--no-pip]", silences("kiwi"), files=PIP),
    Row("list -n demo --explicit [--auth]", answers("/t/secret/"), environ=SECRET),
)  # fmt: skip
SEARCH = (
    Row("search apple --json [--envs]",
        gives("where it is installed", lambda found: isinstance(found, list))),
    Row("search apple [-i|--info]", answers("sha256")),
    Row("search native [--subdir|--platform osx-arm64]", answers("2.0")),
    Row("search ppl [--skip-flexible-search]", says("No package fits ppl"), exit_code=1),
    Row("search ppl [-f|--full-name]", says("No package fits ppl"), exit_code=1),
    Row("search apple [--canonical]", answers("::apple-1.0-0")),
    Row("search apple [--names-only]", silences("2.0")),
    Row("search apple -n demo [-o|--outdated]", answers("1.0"), otherwise=2),
    Row("search seed [--reverse-dependency]", answers("apple")),
)  # fmt: skip
QUERY = (
    *(Row(f"repoquery {kind} -n demo [-i|--installed]", effect, otherwise=2)
      for kind, effect in (("whoneeds seed", answers("apple")), ("depends apple", answers("seed")),
                           ("search apple", answers("1.0")))),
    *(Row(f"repoquery {line} [-p|--platform osx-arm64]", asks("osx-arm64/"))
      for line in ("whoneeds seed", "depends apple", "search apple")),
    *(Row(f"repoquery {line} [-a|--all-channels]", effect, environ=TWO_CHANNELS)
      for line, effect in (("whoneeds seed", answers("3.0")), ("search apple", answers("3.0")))),
    *(Row(f"repoquery {line} [--use-cache-only]", does_not_ask("/repodata"),
          environ={"CONDA_LOCAL_REPODATA_TTL": "0"})
      for line in ("whoneeds seed", "depends apple", "search apple")),
    Row("repoquery whoneeds pear [-t|--tree]", silences("Version")),
    Row("repoquery depends apple [-t|--tree]", silences("Version")),
    Row("repoquery whoneeds third [--recursive]", answers("first")),
    Row("repoquery depends first [--recursive]", answers("third")),
    Row("repoquery search apple [--pretty]", answers("sha256")),
)  # fmt: skip
CLEAN = (
    Row("clean -y --index-cache [-a|--all]", takes_away("apple-1.0-0.conda")),
    Row("clean -y --tarballs [-i|--index-cache]", takes_away("pkgs/cache/index")),
    Row("clean -y --tarballs [-p|--packages]", takes_away("pkgs/pear-1.0-0/")),
    Row("clean -y --index-cache [-t|--tarballs]", takes_away("apple-1.0-0.conda")),
    Row("clean -y --index-cache [-f|--force-pkgs-dirs]", takes_away("pkgs/urls.txt")),
    Row("clean -y --index-cache [-c|--tempfiles {home}/envs/demo]", takes_away(".c~"),
        files={"envs/demo/share/old.c~": "x"}),
    Row("clean -y --index-cache [-l|--logfiles]", takes_away("pkgs/.logs/"),
        files={"pkgs/.logs/old.log": "x"}),
)  # fmt: skip
CHECKS = tuple(
    row
    for command in ("check", "doctor")
    for row in (
        Row(f"{command} -n demo [--list]", silences("Healthy")),
        Row(f"{command} -n demo -y [--fix|--heal]", says("Repaired"), files=DAMAGED, otherwise=1),
        Row(
            f"{command} -n demo --fix -y [-d|--dry-run]",
            says("Dry run"),
            files=DAMAGED,
            exit_code=1,
        ),
        Row(f"{command} -n demo --fix [-y|--yes]", says("Repaired"), files=DAMAGED, otherwise=1),
    )
)
EXPORT = tuple(
    row
    for command in ("export", "env export")
    for row in (
        Row(f"{command} -n demo --format conda-lock [--platform|--subdir osx-arm64]",
            answers("platform: osx-arm64")),
        Row(f"{command} -n demo --format conda-lock --platform linux-64 [--override-platforms]",
            silences("osx-arm64"), environ={"CONDA_EXPORT_PLATFORMS": "osx-arm64"}),
        Row(f"{command} -n demo [-f|--file {{home}}/here.yml]", writes("here.yml")),
        Row(f"{command} -n demo [--format requirements]", silences("dependencies")),
        Row(f"{command} -n demo [--no-builds]", silences("=1.0=0")),
        Row(f"{command} -n demo [--ignore-channels]", silences("orchard::"), environ=GARDEN_FIRST),
        Row(f"{command} -n demo [--from-history]", silences("=1.0=0")),
    )
)  # fmt: skip
INFO = (
    Row("info [-a|--all]", answers("bakery", "sys.executable")),
    Row("info [--base]", silences("platform")),
    Row("info [-e|--envs]", answers("bakery")),
    Row("info [-s|--system]", answers("sys.executable", "CONDA_CHANNELS")),
    Row("info --envs [--size]", answers("34 B")),
    Row("info [--unsafe-channels]", answers("/t/secret/"), environ=SECRET),
    Row("info [--offline]", answers("offline : yes")),
    Row("env list [--size]", answers("34 B")),
    Row("init bash --dry-run [--dev]", answers(" -m xconda_core ")),
    *(Row(f"repoquery {line} -i [--no-installed]", effect,
          environ={"CONDA_PREFIX": "{home}/envs/demo"})
      for line, effect in (("whoneeds seed", answers("cake")), ("depends apple", answers("2.0")),
                           ("search apple", answers("2.0")))),
    Row("repoquery whoneeds pear [--pretty]", answers("sha256")),
    Row("repoquery depends apple [--pretty]", answers("sha256")),
    Row("repoquery depends tulip [-a|--all-channels]", answers("1.5"), environ=TWO_CHANNELS),
)  # fmt: skip
LOOKED = (*INFO, *LIST, *SEARCH, *QUERY, *CLEAN, *CHECKS, *EXPORT)
