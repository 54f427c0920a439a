"""The budgets of the house: sizes, layers, state, and who may touch the outside."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.architecture.source import Function, Module, first_party_imports, functions, modules

LINES_PER_FILE = 500
LINES_PER_FUNCTION = 60
ALL = modules()
every_module = pytest.mark.parametrize("module", ALL, ids=lambda module: module.path)


@every_module
def test_a_file_fits_its_budget(module: Module) -> None:
    assert module.text.count("\n") <= LINES_PER_FILE


@every_module
def test_a_function_fits_its_budget(module: Module) -> None:
    sizes = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions(module)}
    assert {name: size for name, size in sizes.items() if size > LINES_PER_FUNCTION} == {}


@every_module
def test_every_module_says_what_it_is_for(module: Module) -> None:
    assert ast.get_docstring(module.tree)


def test_the_import_graph_has_no_cycle_with_imports_inside_functions_counted() -> None:
    names = {module.name for module in ALL}
    # Dispatch goes down by name only: the command is imported when it is chosen.
    graph: dict[str, set[str]] = {
        module.name: {
            target
            for node in ast.walk(module.tree)
            for target in first_party_imports(node)
            if target in names and target != module.name
        }
        for module in ALL
    }
    # A package's __init__ is a docstring here, so importing a sibling does not depend on it.
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"import cycle: {error.args[1]}")
    assert len(graph) == len(ALL)


LATE_IMPORTS = {
    "xconda_core.__main__",
    "xconda_core.cli.changing",
    "xconda_core.cli.commands.completion",  # words alone are there at once, at every Tab
    "xconda_core.cli.commands.search",  # a list shows no whole records
    "xconda_core.cli.main",
    "xconda_core.engine.channel_documents",  # the wiring's own
    "xconda_core.engine.engine",
    "xconda_core.engine.settling",
    "xconda_core.engine.fetchers",  # the wiring's own
    "xconda_core.engine.installed_plugins",
    "xconda_core.engine.news",
    "xconda_core.engine.planning",  # few set variables, or name channels of single packages
    "xconda_core.engine.plugin_ports",
    "xconda_core.engine.plugin_work",
    "xconda_core.engine.questions",
    "xconda_core.engine.wiring",
    "xconda_core.engine.recorded_job",  # a dry run leaves no record
    "xconda_core.models.prefix_record",  # a plan of a new environment reads no list of files
    "xconda_core.models.text_pattern",  # hardly any pattern is an expression
    "xconda_core.repodata.source",  # where every list is at hand, nothing that brings one is loaded
    "xconda_core.solver.fulfil",  # few ask for parts of what is needed
    "xconda_core.solver.refusing",
    "xconda_core.worker",  # its dispatch
}


@every_module
def test_first_party_imports_stand_at_the_top(module: Module) -> None:
    late = [
        name
        for function in functions(module)
        for node in ast.walk(function)
        for name in first_party_imports(node)
    ]
    assert late == [] or module.name in LATE_IMPORTS


@every_module
def test_no_import_is_for_types_only(module: Module) -> None:
    guards = [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
    ]
    assert [name for g in guards for n in ast.walk(g) for name in first_party_imports(n)] == []


READS_ENVIRONMENT = {"xconda_core.config.environ"}


@pytest.mark.parametrize("module", modules("xconda_core"), ids=lambda module: module.path)
def test_only_config_environ_reads_the_process_environment(module: Module) -> None:
    reads = [
        node.lineno
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"})
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]
    assert reads == [] or module.name in READS_ENVIRONMENT


PRINTS = {"xconda_core.cli.console"}


@pytest.mark.parametrize("module", modules("xconda_core"), ids=lambda module: module.path)
def test_only_the_console_prints(module: Module) -> None:
    calls = [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert calls == [] or module.name in PRINTS


@every_module
def test_no_module_keeps_mutable_state(module: Module) -> None:
    mutable = [name for name, value in _assignments(module) if _is_mutable(value)]
    assert [name for name in mutable if name != "__all__"] == []


def _assignments(module: Module) -> Iterator[tuple[str, ast.expr]]:
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield from () if _is_final(node) else ((node.target.id, node.value),)


def _is_final(node: ast.AnnAssign) -> bool:
    """A table that is declared Final is a constant: it is never written to (held below)."""
    return "Final" in ast.dump(node.annotation)


def _is_mutable(value: ast.expr) -> bool:
    makers = {"list", "dict", "set", "defaultdict", "OrderedDict", "deque", "Counter"}
    called = isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
    return isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp) or (
        called and value.func.id in makers  # type: ignore[attr-defined]
    )


@every_module
def test_no_constant_table_is_written_to(module: Module) -> None:
    constants = {
        node.target.id
        for node in module.tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    writes = {"append", "add", "update", "pop", "clear", "extend", "setdefault", "remove", "insert"}
    touched = [
        name
        for node in ast.walk(module.tree)
        for name in _written_names(node, writes)
        if name in constants and not _is_shadowed(module, name)
    ]
    assert touched == []


def _written_names(node: ast.AST, writes: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in writes and isinstance(node.func.value, ast.Name):
            yield node.func.value.id
    elif isinstance(node, ast.Global):
        yield from node.names
    elif isinstance(node, ast.Assign | ast.AugAssign | ast.Delete):
        targets = [node.target] if isinstance(node, ast.AugAssign) else node.targets
        for target in targets:
            if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                yield target.value.id


def _is_shadowed(module: Module, name: str) -> bool:
    return any(argument.arg == name for f in functions(module) for argument in _arguments(f))


def _arguments(function: Function) -> list[ast.arg]:
    given = function.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]


def test_inheritance_among_own_classes_is_at_most_two_deep() -> None:
    parents = {
        node.name: [base.id for base in node.bases if isinstance(base, ast.Name)]
        for module in ALL
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    }

    def depth(name: str) -> int:
        return 1 + max(
            (depth(base) for base in parents.get(name, []) if base in parents), default=0
        )

    # XcondaError > a family > its member: the root, and two below it.
    assert {name: depth(name) for name in parents if depth(name) > 3} == {}


@every_module
def test_there_are_no_metaclasses(module: Module) -> None:
    classes = [node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
    assert [c.name for c in classes for k in c.keywords if k.arg == "metaclass"] == []


VAGUE = {"utils", "util", "common", "misc", "helpers", "helper", "base"}


@every_module
def test_no_module_has_a_name_that_says_nothing(module: Module) -> None:
    assert VAGUE.isdisjoint(module.name.split("."))


@every_module
def test_no_class_has_a_name_that_says_nothing(module: Module) -> None:
    endings = ("Manager", "Helper", "Data", "Info")
    names = [node.name for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
    assert [name for name in names if name.endswith(endings)] == []
