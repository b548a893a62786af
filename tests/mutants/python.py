"""The mutants of a Python module: each parses, and differs from its source in meaning."""

import ast
import re
from collections.abc import Iterator

from tests.mutants.mutant import Mutant

COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
}

Change = tuple[int, int, str]


def mutants(path: str, source: str) -> list[Mutant]:
    """Every mutant of this module, in the order of its text."""
    return sorted(_kept(path, source), key=lambda mutant: (mutant.start, mutant.after))


def _kept(path: str, source: str) -> Iterator[Mutant]:
    tree = ast.parse(source)
    original = ast.dump(tree)
    for start, end, after in set(_Finder(source).changes(tree)):
        mutant = Mutant(path=path, source=source, start=start, end=end, after=after)
        try:
            if ast.dump(ast.parse(mutant.mutated)) != original:
                yield mutant
        except SyntaxError:
            continue


class _Finder:
    def __init__(self, source: str) -> None:
        self._source = source
        self._lines = source.encode().splitlines(keepends=True)
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def changes(self, tree: ast.AST) -> Iterator[Change]:
        for node in _executed(tree):
            if isinstance(node, ast.stmt):
                yield from self._refusal(node)
            elif isinstance(node, ast.expr):
                yield from self._condition(node)

    def _refusal(self, node: ast.stmt) -> Iterator[Change]:
        match node:
            case ast.Raise() | ast.Expr(value=ast.Call()):
                yield (*self._span(node), "pass")
            case ast.If(body=[*_, ast.Return() as last]):
                yield (*self._span(last), "pass")

    def _condition(self, node: ast.expr) -> Iterator[Change]:
        match node:
            case ast.Compare():
                yield from self._comparison(node)
            case ast.BoolOp():
                yield from self._logic(node)
            case ast.UnaryOp(op=ast.Not()):
                yield (*self._span(node), self._text(node.operand))
            case ast.Constant(value=bool(flag)):
                yield (*self._span(node), str(not flag))
            case ast.Constant(value=int(number)):
                yield (*self._span(node), str(number + 1))
                yield (*self._span(node), str(number - 1))

    def _comparison(self, node: ast.Compare) -> Iterator[Change]:
        sides = [node.left, *node.comparators]
        for left, operator, right in zip(sides, node.ops, node.comparators, strict=False):
            before, after = COMPARISONS[type(operator)]
            yield from self._between(left, right, before, after)

    def _logic(self, node: ast.BoolOp) -> Iterator[Change]:
        before, after = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            yield from self._between(left, right, before, after)

    def _between(
        self, left: ast.expr, right: ast.expr, before: str, after: str
    ) -> Iterator[Change]:
        start, end = self._span(left)[1], self._span(right)[0]
        found = re.search(before.replace(" ", r"\s+"), self._source[start:end])
        if found:
            yield start + found.start(), start + found.end(), after

    def _text(self, node: ast.expr) -> str:
        start, end = self._span(node)
        return self._source[start:end]

    def _span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._at(node.lineno, node.col_offset), self._at(
            node.end_lineno, node.end_col_offset
        )

    def _at(self, line: int, column: int) -> int:
        """Python counts columns in bytes."""
        return self._starts[line - 1] + len(self._lines[line - 1][:column].decode())


def _executed(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but annotations and a record's form, which the type checker watches."""
    if isinstance(tree, ast.keyword) and tree.arg in {"kw_only", "slots"}:
        return
    yield tree
    for field, value in ast.iter_fields(tree):
        if field in {"annotation", "returns"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _executed(child)
