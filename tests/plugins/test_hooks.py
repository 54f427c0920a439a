"""What plugins add to commands, settings, solves, facts, requests and checks."""

import json

import pytest

from tests.plugins.conftest import PluginWorld

REFUSAL = """
class NotHere(plugins.XcondaError):
    code = "not-here"
    def __init__(self, why):
        super().__init__(why)
        self.what, self.why, self.fix = "Not here.", why, "ask the administrator."
"""

COMMANDS = """
@plugins.hookimpl
def xconda_subcommands():
    def configure(parser):
        parser.add_argument("--loud", action="store_true")
        parser.add_argument("who")
    def greet(arguments):
        print("HELLO" if arguments.loud else "hello", arguments.who)
        return 3
    yield plugins.PluginSubcommand("greet", "say hello", greet, ("hi",), configure)
    yield plugins.PluginSubcommand("fall", "break", lambda words: 1 / 0)
"""


def test_a_command_of_a_plugin_has_options_help_aliases_and_an_exit_code(
    world: PluginWorld,
) -> None:
    world.install("greeter", COMMANDS)
    done = world.xconda("hi", "--loud", "you")
    assert (done.stdout, done.returncode) == ("HELLO you\n", 3)
    assert "--loud" in world.xconda("greet", "--help").stdout
    assert "it has no option --lout" in world.xconda("greet", "--lout", "x").stderr
    overview = world.xconda("--help").stdout
    assert "From plugins" in overview
    assert "say hello" in overview


def test_a_command_that_breaks_names_its_plugin_and_writes_no_report(world: PluginWorld) -> None:
    world.install("greeter", COMMANDS)
    done = world.xconda("fall")
    assert done.returncode == 1
    assert done.stderr.startswith("The plugin greeter broke.\n  why: ZeroDivisionError")
    assert not list(world.home.rglob("xconda-report*"))


BEFORE_AND_AFTER = """
@plugins.hookimpl
def xconda_pre_commands():
    say = lambda command: print("before", command)
    yield plugins.PluginPreCommand("before", say, {"env_list", "install"})

@plugins.hookimpl
def xconda_post_commands():
    say = lambda command: print("after", command)
    yield plugins.PluginPostCommand("after", say, {"env_list", "install"})
"""


def test_plugins_go_before_and_after_the_commands_they_name(world: PluginWorld) -> None:
    world.install("frame", BEFORE_AND_AFTER)
    done = world.xconda("env", "list", "--json")
    assert done.stderr.split("\n")[:2] == ["before env_list", "after env_list"]
    assert "envs" in json.loads(done.stdout)
    assert "before" not in world.xconda("info").stderr


def test_after_a_failure_nothing_goes_after_it(world: PluginWorld) -> None:
    world.install("frame", BEFORE_AND_AFTER)
    done = world.xconda("install", "-p", str(world.prefix), "apple")
    assert done.returncode != 0
    assert "before install" in done.stderr
    assert "after install" not in done.stderr


def test_a_plugin_can_keep_a_command_from_being_begun(world: PluginWorld) -> None:
    world.install(
        "warden",
        REFUSAL
        + """
def refuse(command):
    raise NotHere(f"{command} is not for you.")

@plugins.hookimpl
def xconda_pre_commands():
    yield plugins.PluginPreCommand("warden", refuse, {"create"})
""",
    )
    done = world.create("apple")
    assert (done.returncode, done.stderr) == (
        1,
        "Not here.\n  why: create is not for you.\n  try: ask the administrator.\n",
    )
    assert not world.prefix.exists()
    assert not list(world.home.rglob("xconda-report*"))


@pytest.mark.parametrize(
    "given", ["plugins.XcondaError('Not on Sundays.')", "Sunday('Not on Sundays.')"]
)
def test_a_refusal_in_a_few_words_is_told_in_three_parts(world: PluginWorld, given: str) -> None:
    world.install(
        "sunday",
        f"""
class Sunday(plugins.XcondaError):
    pass

def refuse(*given):
    raise {given}

@plugins.hookimpl
def xconda_post_solves():
    yield plugins.PluginPostSolve("sunday", refuse)
""",
    )
    done = world.create("seed")
    assert done.returncode == 1
    assert "The plugin sunday does not want this.\n  why: Not on Sundays.\n" in done.stderr


FACT = """
def number(text):
    return text if text.isdigit() else None

@plugins.hookimpl
def xconda_virtual_packages():
    yield plugins.PluginVirtualPackage(
        "licence_server", lambda: "1", override_entity="version", version_validation=number
    )
    yield plugins.PluginVirtualPackage("absent", lambda: None)
    yield plugins.PluginVirtualPackage("fixed", "7", "east")
"""


def test_a_fact_of_a_plugin_can_be_depended_on_and_overridden(world: PluginWorld) -> None:
    world.install("facts", FACT)
    facts = {name: [v, b] for name, v, b in world.document("info")["virtual_pkgs"]}
    assert facts["__licence_server"] == ["1", "0"]
    assert facts["__fixed"] == ["7", "east"]
    assert "__absent" not in facts
    refused = world.create("pear")
    assert "__licence_server" in refused.stderr
    assert world.create("pear", CONDA_OVERRIDE_LICENCE_SERVER="2").returncode == 0
    hidden = world.document("info", CONDA_OVERRIDE_LICENCE_SERVER="", CONDA_OVERRIDE_FIXED="9")
    named = {name: version for name, version, _ in hidden["virtual_pkgs"]}
    assert "__licence_server" not in named
    assert named["__fixed"] == "7"
    wrong = world.xconda("info", CONDA_OVERRIDE_LICENCE_SERVER="two")
    assert "The virtual package __licence_server cannot be overridden." in wrong.stderr


LAZY_FACT = """
@plugins.hookimpl
def xconda_virtual_packages():
    def version():
        print("looked at the machine")
        return "3"
    yield plugins.PluginVirtualPackage("licence_server", version, override_entity="version")
"""


def test_the_machine_is_looked_at_only_where_a_fact_is_needed(world: PluginWorld) -> None:
    world.install("facts", LAZY_FACT)
    looked = "looked at the machine"
    assert looked not in world.xconda("list", "-p", str(world.prefix)).stderr
    assert looked not in world.xconda("config", "--show", "channels").stderr
    assert looked not in world.create("pear", CONDA_OVERRIDE_LICENCE_SERVER="2").stderr
    assert looked in world.xconda("install", "-p", str(world.prefix), "apple").stderr


def test_a_fact_that_xconda_tells_is_refused(world: PluginWorld) -> None:
    world.install(
        "facts",
        """
@plugins.hookimpl
def xconda_virtual_packages():
    yield plugins.PluginVirtualPackage("cuda", "99")
""",
    )
    done = world.xconda("info", CONDA_OVERRIDE_CUDA="11.0")
    assert "has a virtual package __cuda, which xconda has" in done.stderr
    facts = world.document("info", CONDA_OVERRIDE_CUDA="11.0")["virtual_pkgs"]
    assert [version for name, version, _ in facts if name == "__cuda"] == ["11.0"]


RULES = (
    REFUSAL
    + """
@plugins.hookimpl
def xconda_settings():
    yield plugins.PluginSetting(
        "most", "Packages at most.", 9, plugins.COUNT, aliases=("most_packages",)
    )
    yield plugins.PluginSetting("banned", "Names.", (), shape="list")

@plugins.hookimpl
def xconda_pre_solves(settings):
    def look(wanted, unwanted):
        print("asked", *wanted, "without", *unwanted)
        for spec in wanted:
            if spec.name in settings["banned"]:
                raise NotHere(f"{spec.name} is banned.")
    yield plugins.PluginPreSolve("banned", look)

@plugins.hookimpl
def xconda_post_solves(settings):
    def look(repodata_fn, unlink, link):
        names = [f"-{each.name}" for each in unlink] + [f"+{each.name}" for each in link]
        print(repodata_fn, *names)
        if len(link) > settings["most"]:
            raise NotHere(f"{len(link)} packages are too many.")
    yield plugins.PluginPostSolve("most", look)
"""
)


def test_plugins_look_at_what_is_asked_and_at_what_was_chosen(world: PluginWorld) -> None:
    world.install("rules", RULES)
    done = world.create("apple")
    assert "asked apple without\n" in done.stderr
    assert "repodata.json +apple +seed\n" in done.stderr
    done = world.xconda("remove", "-p", str(world.prefix), "seed")
    assert "asked without seed\n" in done.stderr
    assert "-apple -seed\n" in done.stderr


def test_settings_of_plugins_are_typed_shown_and_obeyed(world: PluginWorld) -> None:
    world.install("rules", RULES)
    world.condarc("plugins:", "  most_packages: 1", "  of_another_tool: 7")
    done = world.create("apple")
    assert (done.returncode, "2 packages are too many." in done.stderr) == (1, True)
    assert not world.prefix.exists()
    shown = world.xconda("config", "--show", "plugins").stdout
    assert shown == "plugins:\n  banned: []\n  most: 1\n"
    assert world.document("config", "--show")["plugins"] == {"banned": [], "most": 1}
    banned = world.create("pear", CONDA_PLUGINS_BANNED="pear,plum")
    assert "pear is banned." in banned.stderr
    assert world.create("apple", CONDA_PLUGINS_MOST="2").returncode == 0
    wrong = world.xconda("info", CONDA_PLUGINS_MOST="many")
    assert "it must be a whole number, 0 or more, not `many`" in wrong.stderr


def test_settings_of_plugins_are_described_changed_and_checked(world: PluginWorld) -> None:
    world.install("rules", RULES)
    world.condarc("plugins: {of_another_tool: 7}")
    described = world.xconda("config", "--describe", "plugins.most").stdout
    assert "Packages at most." in described
    assert "CONDA_PLUGINS_MOST" in described
    assert "too many" not in world.xconda("config", "--set", "plugins.most", "4").stderr
    assert (
        "it must be a whole number" in world.xconda("config", "--set", "plugins.most", "x").stderr
    )
    assert world.xconda("config", "--append", "plugins.banned", "plum").returncode == 0
    sources = world.document("config", "--show-sources")[str(world.home / ".condarc")]
    assert sources["plugins"] == {"most": 4, "banned": ["plum"]}
    assert "of_another_tool" in (world.home / ".condarc").read_text()
    assert "plugins.mots" in world.xconda("config", "--set", "plugins.mots", "4").stderr


SOLVER = """
from dataclasses import replace
from xconda_core.models.match_spec import MatchSpec
from xconda_core.solver.search import solve

def oldest(problem, report, cancel):
    print("solving")
    return solve(replace(problem, pins=(MatchSpec.parse("apple <2"),)), report, cancel)

@plugins.hookimpl
def xconda_solvers():
    yield plugins.PluginSolver("oldest", oldest)
    yield plugins.PluginSolver("broken", lambda *given: 1 / 0)
    yield plugins.PluginSolver("wrong", lambda *given: "text")
"""


def test_a_solver_of_a_plugin_is_chosen_by_the_option_and_by_the_setting(
    world: PluginWorld,
) -> None:
    world.install("solvers", SOLVER)
    assert json.loads(world.create("apple", "--solver", "oldest", "--json").stdout)["success"]
    assert "apple 1.0" in world.installed()
    world.condarc("solver: oldest")
    done = world.xconda("install", "-p", str(world.prefix), "apple>1")
    assert done.returncode == 1
    assert "another tool's" not in done.stderr


def test_locks_and_exports_for_other_platforms_take_the_solver_and_facts_of_plugins(
    world: PluginWorld,
) -> None:
    world.install("solvers", SOLVER)
    world.install("facts", FACT)
    lock = ("lock", "apple", "pear", "--platform", "osx-arm64", "--output", "-")
    licensed = {"CONDA_OVERRIDE_LICENCE_SERVER": "2", "CONDA_SOLVER": "oldest"}
    assert world.create("apple", "pear", **licensed).returncode == 0
    export = ("export", "-p", str(world.prefix), "--platform", "osx-arm64", "--format", "explicit")

    unlicensed = world.xconda(*lock, CONDA_SOLVER="oldest")
    texts = [world.xconda(*words, **licensed).stdout for words in (lock, export)]

    assert "__licence_server" in unlicensed.stderr
    for text in texts:
        assert "apple-1.0" in text
        assert "pear-1.0" in text


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("broken", "The plugin solvers broke.\n  why: ZeroDivisionError"),
        ("wrong", "the solver returned a str, which is no Solution"),
        ("xcond", "there is no solver xcond: there are xconda, sat"),
    ],
)
def test_a_solver_that_cannot_answer_is_an_error_that_says_so(
    world: PluginWorld, name: str, says: str
) -> None:
    world.install("solvers", SOLVER)
    done = world.create("apple", "--solver", name)
    assert done.returncode in {1, 2}
    assert says in done.stderr
    assert not world.prefix.exists()


HINTS = """
@plugins.hookimpl
def xconda_error_hints(error):
    if error.code == "package-not-found":
        yield plugins.PluginErrorHint("Ask on the intranet.", "ask_intranet")

@plugins.hookimpl
def xconda_exception_observers():
    def note(event):
        print("seen", event.exc_type.__name__, event.return_code, *event.argv[:1])
    yield plugins.PluginExceptionObserver("note", note, {"XcondaError"})
    yield plugins.PluginExceptionObserver("other", note, {"OSError"})
"""


def test_hints_follow_an_error_and_observers_are_told(world: PluginWorld) -> None:
    world.install("hints", HINTS)
    done = world.create("plum")
    assert done.stderr.endswith("  hint: Ask on the intranet.\n")
    assert done.stderr.count("seen PackagesNotFound 1 create\n") == 1
    document = json.loads(world.create("plum", "--json").stdout)
    assert document["hints"] == [{"text": "Ask on the intranet.", "hint_code": "ask_intranet"}]


CHECKS = """
@plugins.hookimpl
def xconda_health_checks():
    def look(snapshot):
        if not (snapshot.prefix / "licence.txt").exists():
            yield plugins.Finding(what="there is no licence")
    def write(prefix, findings):
        (prefix / "licence.txt").write_text(findings[0].what)
    yield plugins.PluginHealthCheck("licence", look, write, "a licence is there")
    yield plugins.PluginHealthCheck("hopeless", lambda _: [plugins.Finding(what="it rains")])
"""


def test_the_doctor_runs_checks_of_plugins_and_lets_them_repair(world: PluginWorld) -> None:
    assert world.create("seed").returncode == 0
    world.install("checks", CHECKS)
    where = ("-p", str(world.prefix))
    assert "licence " in world.xconda("doctor", "--list").stdout
    found = world.document("doctor", "licence", "hopeless", *where)
    assert [(each["what"], each["fixable"]) for each in found["findings"]] == [
        ("there is no licence", True),
        ("it rains", False),
    ]
    assert not (world.prefix / "licence.txt").exists()
    healed = world.document("doctor", "--fix", "licence", "hopeless", *where)
    assert (world.prefix / "licence.txt").read_text() == "there is no licence"
    assert [each["what"] for each in healed["fixed"]] == ["there is no licence"]
    assert [each["what"] for each in healed["left"]] == ["it rains"]
    assert world.xconda("doctor", "licence", *where).returncode == 0


HEADERS = """
@plugins.hookimpl
def xconda_session_headers(host):
    if host == "127.0.0.1":
        yield plugins.PluginRequestHeader("X-Team", "geology")

@plugins.hookimpl
def xconda_request_headers(host, path):
    if path.endswith(".conda"):
        yield plugins.PluginRequestHeader("X-Reason", "archive")
"""


def test_plugins_add_headers_to_requests(world: PluginWorld) -> None:
    world.install("headers", HEADERS)
    assert world.create("seed").returncode == 0
    requests = [(each.path, each.headers) for each in world.server.requests]
    assert all(headers.get("X-Team") == "geology" for _, headers in requests)
    reasons = {path.rpartition(".")[2] for path, headers in requests if headers.get("X-Reason")}
    assert reasons == {"conda"}


@pytest.mark.parametrize(
    "header",
    ["'Host', 'evil'", "'Sec-Fetch', 'x'", "'Range', 'bytes=0-1'", "'X-A', 'a\\r\\nB: c'"],
)
def test_a_header_that_is_xcondas_own_is_refused(world: PluginWorld, header: str) -> None:
    world.install(
        "headers",
        f"""
@plugins.hookimpl
def xconda_session_headers(host):
    yield plugins.PluginRequestHeader({header})
""",
    )
    done = world.create("seed")
    assert done.returncode == 0
    assert "the plugin headers sets" in done.stderr
