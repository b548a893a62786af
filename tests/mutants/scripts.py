"""The mutants of the browser's modules: TypeScript's parser finds them, and parses each."""

from collections.abc import Mapping

from tests.js.node import ROOT, told
from tests.mutants.mutant import Mutant


def mutants(sources: Mapping[str, str]) -> list[Mutant]:
    """Every mutant of these modules, which are source texts by path."""
    found = told(ROOT / "tests" / "js" / "mutants.mjs", dict(sources))
    return [
        Mutant(path=path, source=sources[path], start=start, end=end, after=after)
        for path, changes in found
        for start, end, after in sorted(changes)
    ]
