"""What the server's code advises an operator: its refusals, its findings, and every other text."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import click

from service.ops import main, migrate, opening
from service.storage import at_rest, errors
from service.storage.advice import AdvisedError
from tests.contracts.tree import ROOT

ROOMS = ("storage", "ops", "usecases", "witnesses", "aws", "bootstrap.py", "config.py")
_COMMAND = re.compile(r"'breakglass-ops ([a-z -]+)'")
ADVISING = (errors, at_rest, opening, migrate)  # what is imported has subclasses
_FINDINGS = {"Finding", "_finding"}


@dataclass(frozen=True, slots=True, order=True)
class Command:
    """A command of ``breakglass-ops`` that a text names, and an option that it names with it."""

    name: str
    option: str = ""

    def options(self) -> set[str]:
        """All options that this command has."""
        found: click.Command = main.cli
        for part in self.name.split():
            assert isinstance(found, click.Group)
            found = found.commands[part]
        return {option for parameter in found.params for option in parameter.opts}


def commands_in(text: str) -> list[Command]:
    """What a text tells an operator to run, in its quotes."""
    found = (words.partition(" --") for words in _COMMAND.findall(text))
    return [Command(name, f"--{option}" if dash else "") for name, dash, option in found]


def advised() -> list[type[AdvisedError]]:
    """Every refusal with advice, bases left out: by module, and in a module as written."""
    return sorted(_leaves(AdvisedError), key=lambda refusal: refusal.__module__, reverse=True)


def _leaves(base: type[AdvisedError]) -> Iterator[type[AdvisedError]]:
    for below in base.__subclasses__():
        if below.__module__.startswith("service."):
            yield from _leaves(below) if below.__subclasses__() else [below]


def texts() -> Iterator[tuple[str, str]]:
    """Every text of the server's code that is no docstring, with its file; an f-string whole."""
    for path in _files():
        for node in _spoken(ast.parse(path.read_text(encoding="utf-8"))):
            yield str(path.relative_to(ROOT)), _text(node)


def findings() -> Mapping[str, list[str]]:
    """What ``status`` may find: by code, the messages that are written beside it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in _files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in _FINDINGS:
                parts = [*node.args, *(word.value for word in node.keywords)]
                if parts and isinstance(parts[0], ast.Constant):
                    found[str(parts[0].value)] += [_text(part) for part in parts[1:]]
    return found


def _files() -> list[Path]:
    places = [ROOT / "service" / room for room in ROOMS]
    return sorted(chain.from_iterable([p] if p.is_file() else p.rglob("*.py") for p in places))


def _spoken(tree: ast.AST) -> Iterator[ast.expr]:
    """Constants and f-strings, each once, and not what is an expression by itself."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.JoinedStr) or (
            isinstance(child, ast.Constant) and isinstance(child.value, str)
        ):
            if not isinstance(tree, ast.Expr):
                yield child
        else:
            yield from _spoken(child)


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(p) if isinstance(p, ast.Constant) else "…" for p in node.values)
    return ""
