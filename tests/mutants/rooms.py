"""Which modules are mutated, and which tests have to notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.contracts.tree import ROOT, project_files
from tests.mutants import python, scripts
from tests.mutants.mutant import Mutant


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Modules below ``sources``; the tests below ``tests`` judge them.

    All of these tests run if the room is ``small``; otherwise only those that name the module.
    """

    sources: str
    tests: tuple[str, ...]
    small: bool = True


_TWINS = ("tests/js/test_rules.py", "tests/js/test_lies.py", "tests/js/test_ending.py")
ROOMS = (
    Room(sources="crypto", tests=("tests/unit/crypto", "tests/unit/log", "tests/crossing")),
    Room(sources="service/domain", tests=("tests/unit/domain", "tests/usecases/refusals")),
    Room(sources="service/usecases", tests=("tests/usecases", "tests/api"), small=False),
    Room(sources="service/client/trust", tests=("tests/client/trust", "tests/client/offline")),
    Room(sources="service/client/audit", tests=("tests/client/audit",), small=False),
    Room(sources="service/client/offline", tests=("tests/client/offline",)),
    Room(sources="service/browser/crypto", tests=("tests/js/crypto", "tests/crossing")),
    Room(sources="service/browser/domain", tests=("tests/js/domain", *_TWINS)),
    Room(sources="service/browser/shares", tests=("tests/js/shares", *_TWINS)),
    Room(sources="service/browser/trust", tests=("tests/js/trust", *_TWINS)),
)


def mutants_of(room: Room) -> list[Mutant]:
    sources = {
        path.as_posix(): (ROOT / path).read_text(encoding="utf-8")
        for path in project_files(".py", ".js")
        if path.is_relative_to(room.sources)
    }
    modules = {path: text for path, text in sources.items() if path.endswith(".js")}
    written = [
        mutant
        for path, text in sources.items()
        if path.endswith(".py")
        for mutant in python.mutants(path, text)
    ]
    return written + (scripts.mutants(modules) if modules else [])


def sampled(groups: Sequence[Sequence[Mutant]], seed: int) -> list[Mutant]:
    """All mutants in an order by chance, the groups by turns: any start of it is a sample."""
    random = Random(seed)
    piles = [random.sample(list(group), len(group)) for group in groups]
    turns = range(max(map(len, piles), default=0))
    return [pile[turn] for turn in turns for pile in piles if turn < len(pile)]


def judges_of(path: str) -> list[list[str]]:
    """The test files that judge this module: those that name it, then the rest of its room's."""
    room = next(room for room in ROOMS if Path(path).is_relative_to(room.sources))
    files = [
        test.as_posix()
        for test in project_files(".py", ".js")
        if test.name.startswith("test_") or test.name.endswith(".test.js")
        if any(test.is_relative_to(place) for place in room.tests)
    ]
    naming = [test for test in files if _names(test, Path(path))]
    rest = [test for test in files if test not in naming]
    return [group for group in (naming, rest if room.small or not naming else []) if group]


def _names(test: str, module: Path) -> bool:
    dotted = ".".join(module.with_suffix("").parts)
    text = (ROOT / test).read_text(encoding="utf-8")
    return module.stem in Path(test).stem or dotted in text or f"/{module.name}" in text
