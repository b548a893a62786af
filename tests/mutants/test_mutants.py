"""What makes the mutants and what runs them, on modules that are made up here."""

import ast
from pathlib import Path

import pytest

from tests.contracts.tree import ROOT
from tests.mutants import python, scripts
from tests.mutants.listed import PAGE, row, rows
from tests.mutants.mutant import Mutant
from tests.mutants.rooms import ROOMS, judges_of, sampled
from tests.mutants.runner import Fate, Workshop

PYTHON = '''"""Ä module."""
LIMIT: int = 3


@dataclass(kw_only=True, slots=True)
class Record:
    name: Literal[7]


def allowed(size: int, *, open_: bool = True) -> bool:
    if not open_:
        return False
    if size is None or 0 < size > LIMIT and open_:
        raise ValueError("größer")
    print(size)
    return True
'''
SCRIPT = """const LIMIT = 3; // 😀
export async function allowed(size, open = true) {
  if (!open) return false;
  if (size === 0 || size > LIMIT && open) throw new Error("größer");
  await check(size);
  return true;
}
"""


def changes(mutants: list[Mutant]) -> set[tuple[str, str]]:
    return {(one.source[one.start : one.end], one.after) for one in mutants}


def test_each_mutant_of_a_python_module_is_made() -> None:
    assert changes(python.mutants("a.py", PYTHON)) == {
        ("3", "4"),
        ("3", "2"),
        ("0", "1"),
        ("0", "-1"),
        ("True", "False"),
        ("False", "True"),
        ("not open_", "open_"),
        ("return False", "pass"),
        ("is", "is not"),
        ("<", "<="),
        (">", ">="),
        ("or", "and"),
        ("and", "or"),
        ('raise ValueError("größer")', "pass"),
        ("print(size)", "pass"),
    }


def test_each_mutant_of_a_browser_module_is_made() -> None:
    assert changes(scripts.mutants({"a.js": SCRIPT})) == {
        ("3", "4"),
        ("3", "(2)"),
        ("0", "1"),
        ("0", "(-1)"),
        ("true", "false"),
        ("false", "true"),
        ("!open", "open"),
        ("return false;", ";"),
        ("===", "!=="),
        (">", ">="),
        ("||", "&&"),
        ("&&", "||"),
        ('throw new Error("größer");', ";"),
        ("await check(size);", ";"),
    }


@pytest.mark.parametrize("path", ["crypto/encoding.py", "service/domain/quorum.py"])
def test_every_mutant_parses_and_differs(path: str) -> None:
    source = (ROOT / path).read_text()
    made = python.mutants(path, source)
    assert made
    assert len({one.mutated for one in made}) == len(made)
    for one in made:
        assert ast.dump(ast.parse(one.mutated)) != ast.dump(ast.parse(source))


def test_a_sample_is_by_seed_and_takes_each_group_by_turns() -> None:
    few, many = python.mutants("a.py", PYTHON)[:3], python.mutants("b.py", PYTHON)
    first = sampled([few, many], 1)
    assert first == sampled([few, many], 1)
    assert first != sampled([few, many], 2)
    assert {id(one) for one in first} == {id(one) for one in (*few, *many)}
    assert [one.path for one in first[:6]] == ["a.py", "b.py"] * 3


def test_each_room_has_modules_and_tests() -> None:
    for room in ROOMS:
        module = next((ROOT / room.sources).rglob("[a-z]*.[pj][ys]"))
        assert judges_of(module.relative_to(ROOT).as_posix())
        assert [place for place in room.tests if not (ROOT / place).exists()] == []


def test_the_tests_that_name_a_module_come_first() -> None:
    naming, rest = judges_of("service/domain/quorum.py")
    assert "tests/unit/domain/test_quorum.py" in naming
    assert "tests/usecases/refusals/test_lost_key.py" in rest
    assert {*naming}.isdisjoint(rest)


# ---------------------------------------------------------------- the runner

TOY = "LIMIT = 3\nSPARE = 5\n\ndef loop():\n    while False:\n        pass\n"
TOY_TEST = "import toy\n\ndef test_toy():\n    toy.loop()\n    assert toy.LIMIT == 3\n"
SICK_TEST = "def test_sick():\n    assert False\n"
FILES = {"toy.py": TOY, "test_toy.py": TOY_TEST, "test_sick.py": SICK_TEST}
SCRIPT_TEST = """import assert from "node:assert/strict";
import { test } from "node:test";
import { LIMIT } from "./toy.mjs";
test("toy", () => assert.equal(LIMIT, 3));
"""


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    scripts_ = {"toy.mjs": "export const LIMIT = 3, SPARE = 5;\n", "toy.test.js": SCRIPT_TEST}
    root = tmp_path / "root"
    root.mkdir()
    for name, text in {**FILES, **scripts_, "package.json": '{"type": "module"}'}.items():
        (root / name).write_text(text)
    return Workshop(tmp_path / "copy", root, [path.relative_to(root) for path in root.iterdir()])


def change(path: str, source: str, before: str, after: str) -> Mutant:
    start = source.index(before)
    return Mutant(path=path, source=source, start=start, end=start + len(before), after=after)


def test_the_runner_tells_the_killed_from_the_survivors(workshop: Workshop) -> None:
    def fate(before: str, after: str, *tests: str) -> Fate:
        return workshop.try_out(change("toy.py", TOY, before, after), [[one] for one in tests], 30)

    assert fate("3", "4", "test_toy.py") is Fate.KILLED
    assert fate("5", "6", "test_toy.py") is Fate.SURVIVED  # the one before it is gone again
    assert fate("3", "2", "test_sick.py", "test_toy.py") is Fate.KILLED
    assert fate("5", "4", "test_sick.py", "test_toy.py") is Fate.SURVIVED  # sick without it, too


def test_a_mutant_that_never_ends_is_not_called_killed(workshop: Workshop) -> None:
    endless = change("toy.py", TOY, "False", "True")
    assert workshop.try_out(endless, [["test_toy.py"]], 3) is Fate.SLOW


def test_the_runner_hears_the_browser_modules_tests(workshop: Workshop) -> None:
    source = "export const LIMIT = 3, SPARE = 5;\n"
    killed, survivor = (change("toy.mjs", source, one, "9") for one in "35")
    assert workshop.try_out(killed, [["toy.test.js"]], 30) is Fate.KILLED
    assert workshop.try_out(survivor, [["toy.test.js"]], 30) is Fate.SURVIVED


# ---------------------------------------------------------------- the list


def test_a_row_is_read_as_it_was_written() -> None:
    for mutant in scripts.mutants({"a.js": SCRIPT + "check(`a|b`, 1 || 2);\n"}):
        assert rows(row(mutant)) == {mutant.named: ""}


def test_every_survivor_in_the_list_names_a_line_that_exists_and_has_a_reason() -> None:
    for (path, line, becomes), reason in rows(PAGE.read_text()).items():
        lines = [one.strip() for one in (ROOT / path).read_text().splitlines()]
        assert line in lines, (path, line)
        assert line != becomes
        assert len(reason.split()) > 2, (path, line)
