"""What the code itself says: its commands, its marked tests, what the client refuses.

Read from syntax trees where running would cost more than it shows.
"""

import ast
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import click

from service.client.commands.table import COMMANDS
from service.config import Settings
from service.web.act import Route, acts
from service.web.app import create_app
from service.web.page import is_page
from tests.contracts.tree import ROOT

CLIENT = ROOT / "service" / "client"
EVERY_ACT = "tests/api/test_story.py::test_the_act_was_done_over_http"
_REFUSE = {"ClientRefusal", "Refused"}
_CALLS = {"get", "post", "put", "tell", "delete", "send", "raw_get"}
_ACTS = {"act", "submit"}  # of ``cli.acting``: they post


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def routes() -> dict[str, Route]:
    """Every act of the API, by name."""
    return acts(create_app(None, Settings()))  # type: ignore[arg-type] # no call is made


def page_paths() -> set[str]:
    """Where every page stands, as people would write it: ``/requests/{request}``."""
    app = create_app(None, Settings())  # type: ignore[arg-type] # no call is made
    rules = [r for r in app.url_map.iter_rules() if is_page(app.view_functions[r.endpoint])]
    return {re.sub(r"<[a-z]+:([a-z]+)>", r"{\1}", rule.rule) for rule in rules}


def commands() -> dict[str, str]:
    """Every command that a person can type, with its one line of help."""
    found: dict[str, str] = {}
    for name, entry in COMMANDS.items():
        found |= _below(name, pkgutil.resolve_name(entry.place))
    return found


def _below(name: str, command: click.Command) -> dict[str, str]:
    if not isinstance(command, click.Group):
        return {name: command.get_short_help_str(200)}
    own = {name: command.get_short_help_str(200)} if command.invoke_without_command else {}
    inner = (_below(f"{name} {part}", below) for part, below in command.commands.items())
    return own | {path: text for found in inner for path, text in found.items()}


def module_of(command: str) -> str:
    """The module of a command of ``COMMANDS``, as it is named below ``service.client``."""
    place = COMMANDS[command.split(maxsplit=1)[0]].place
    return place.partition(":")[0].removeprefix("service.client.")


def marked_tests() -> Mapping[str, list[str]]:
    """Tests that are marked with the act that they are about, by act."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in _tree(path).body:
            if isinstance(node, ast.FunctionDef):
                for name in _acts_marked(node):
                    found[name].append(f"{path.relative_to(ROOT)}::{node.name}")
    return found


def _acts_marked(node: ast.FunctionDef) -> Iterator[str]:
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.act":
            yield from (str(ast.literal_eval(argument)) for argument in mark.args)


@cache
def defined_tests() -> frozenset[str]:
    """Names of all tests."""
    return frozenset(
        {
            node.name
            for path in (ROOT / "tests").rglob("test_*.py")
            for node in ast.walk(_tree(path))
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        }
    )


def client_codes() -> Mapping[str, set[str]]:
    """Codes with which the client itself refuses, each with the modules that do."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(CLIENT.rglob("*.py")):
        module = ".".join(path.relative_to(CLIENT).with_suffix("").parts)
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in _REFUSE:
                for code in _first_text(node):
                    found[code].add(module)
            elif isinstance(node, ast.Call):
                for code in _named_code(node):
                    found[code].add(module)
    return found


def _first_text(node: ast.Call) -> list[str]:
    first = node.args[0] if node.args else None
    return [first.value] if isinstance(first, ast.Constant) and isinstance(first.value, str) else []


def _named_code(node: ast.Call) -> list[str]:
    return [
        word.value.value
        for word in node.keywords
        if word.arg == "code" and isinstance(word.value, ast.Constant)
        if isinstance(word.value.value, str)
    ]


def calls_of(module: str) -> set[tuple[str, str]]:
    """The calls that a client module writes down: method, and path with ``{}`` for each part."""
    nodes = list(ast.walk(_tree(_file(module))))
    named = {
        target.id: _path(node.value, {})
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = set()
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        texts = [_path(argument, named) for argument in node.args[:3]]
        path = next((text for text in texts if text.startswith("/")), "")
        if path and isinstance(node.func, ast.Attribute) and node.func.attr in _CALLS:
            found.add((_method(node.func.attr, texts[0]), path))
        elif path and isinstance(node.func, ast.Name) and node.func.id == "see":
            found.add(("GET", path))
        elif path and isinstance(node.func, ast.Name) and node.func.id in _ACTS:
            found.add(("POST", path))
        elif path and isinstance(node.func, ast.Name) and node.func.id == "see":
            found.add(("GET", path))
    return found


def _method(verb: str, first: str) -> str:
    if verb == "send":
        return first
    return {"tell": "POST", "raw_get": "GET"}.get(verb, verb.upper())


def _path(node: ast.expr, named: Mapping[str, str]) -> str:
    if isinstance(node, ast.Name):
        return named.get(node.id, "")
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
    return ""


def reachable(module: str) -> set[str]:
    """A client module and all that it imports of the client, also inside functions."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in seen and _file(name).is_file():
            seen.add(name)
            waiting += _imported(_file(name))
    return seen


def _file(module: str) -> Path:
    return CLIENT.joinpath(*module.split(".")).with_suffix(".py")


def _imported(path: Path) -> list[str]:
    found = []
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("service.client"):
            room = (node.module or "").removeprefix("service.client").lstrip(".")
            inside = [f"{room}.{alias.name}".lstrip(".") for alias in node.names]
            found += [room, *inside]  # what is no module of ours has no file, and is passed over
    return found
