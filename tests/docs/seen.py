"""Which test sees a refusal: the file that has its code, or the name of its class."""

import ast
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.contracts.tree import ROOT

# Where to look, best first: a word such as "expired" means something else elsewhere.
OF_SERVICE = ("usecases/refusals", "usecases", "web", "api", "unit/domain")
OF_CLIENT = ("client",)


def seen_in(places: Sequence[str], code: str, class_name: str = "") -> str:
    """The first test file that names a refusal, relative to ``tests``; empty if none does.

    A code stands alone in a string, or in square brackets as the client prints it.
    """
    for place in places:
        for path in sorted((ROOT / "tests" / place).rglob("test_*.py")):
            texts, names = _words(path)
            if code in texts or class_name in names or any(f"[{code}]" in t for t in texts):
                return str(path.relative_to(ROOT / "tests"))
    return ""


@cache
def _words(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The strings of a file, and the names that it takes from modules."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return frozenset(text for text in texts if isinstance(text, str)), frozenset(names)
