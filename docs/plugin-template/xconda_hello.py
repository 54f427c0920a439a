"""A plugin of xconda to begin with: a command, a setting, a rule, and an action."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping

from xconda_core import plugins


class TooManyPackages(plugins.XcondaError):
    """More packages would come at once than the setting allows."""

    code = "too-many-packages"

    def __init__(self, count: int, most: int) -> None:
        super().__init__(count, most)
        self.count, self.most = count, most
        self.what = "Nothing was changed."
        self.why = f"{count} packages would come, and {most} may at once."
        self.fix = "ask for less, or raise it: `xconda config --set plugins.hello_most NUMBER`."


@plugins.hookimpl
def xconda_settings() -> Iterable[plugins.PluginSetting]:
    """Declare ``plugins: {hello_most: NUMBER}``."""
    yield plugins.PluginSetting(
        "hello_most", "How many packages may come at once.", default=500, type=plugins.COUNT
    )


@plugins.hookimpl
def xconda_subcommands() -> Iterable[plugins.PluginSubcommand]:
    """Add ``xconda hello NAME``."""
    yield plugins.PluginSubcommand("hello", "say hello", greet, configure_parser=add_arguments)


@plugins.hookimpl
def xconda_post_solves(settings: Mapping[str, object]) -> Iterable[plugins.PluginPostSolve]:
    """Refuse what is too much."""
    most = int(str(settings["hello_most"]))

    def look(_list: str, _unlink: object, link: tuple[object, ...]) -> None:
        if len(link) > most:
            raise TooManyPackages(len(link), most)

    yield plugins.PluginPostSolve("hello-most", look)


@plugins.hookimpl
def xconda_post_transaction_actions() -> Iterable[plugins.PluginPostTransactionAction]:
    """Write down in each environment what came last."""
    yield plugins.PluginPostTransactionAction("hello-stock", TakeStock)


class TakeStock:
    """Writes ``share/hello.txt``; where the change fails, the file is what it was."""

    def __init__(self, plan: plugins.Plan) -> None:
        """Keep what is to come."""
        self.names = [step.name for step in plan.operations if step.new]

    def verify(self) -> None:
        """Have nothing against it."""

    def execute(self, files: plugins.PrefixFiles) -> None:
        """Write it."""
        files.write("share/hello.txt", "\n".join(["hello", *self.names, ""]).encode())

    def reverse(self) -> None:
        """Do nothing: nothing was done outside the environment."""

    def cleanup(self) -> None:
        """Do nothing, for the same reason."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add what ``xconda hello`` takes."""
    parser.add_argument("name", help="whom")


def greet(arguments: Namespace) -> int:
    """Say hello."""
    print(f"hello {arguments.name}")
    return 0
