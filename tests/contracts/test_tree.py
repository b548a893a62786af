"""What every file of the project keeps to, whoever wrote it."""

import re

import pytest

from tests.contracts.tree import ROOT, project_files

LINES = 300
LONGER: dict[str, str] = {}  # path: the reason it may be longer
BANNED_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|common)(_|$)")

# Everybody else is handed the clock, and may name its type.
READS_THE_CLOCK = re.compile(r"\bclock import [^\n]*\bnow\b|\bclock\.now\b")
STARTERS = ("service/bootstrap.py", "service/wsgi.py", "service/client/", "service/ops/")

# Numbers that only a tracker explains, and paths of the machine where a line was written.
FOREIGN = re.compile(
    r"\b(?:issue|pull request|PR) #\d|(?<![\w.])/(?:home|Users|root|work|workspace)/\w"
)
TEXT = (".py", ".md", ".toml", ".txt", ".js", ".css", ".html", ".ini", ".mako", ".yaml", "")


@pytest.mark.parametrize("package", ["crypto", "service", "migrations"])
def test_a_file_stays_short_enough_to_read_at_once(package: str) -> None:
    long = {
        str(path): lines
        for path in project_files(".py", ".js")
        if path.parts[0] == package
        and (lines := len((ROOT / path).read_text().splitlines())) > LINES
        and str(path) not in LONGER
    }
    assert long == {}


def test_no_exception_to_the_length_outlives_its_file() -> None:
    assert [path for path in LONGER if not (ROOT / path).is_file()] == []


def test_a_module_is_named_after_what_it_holds() -> None:
    vague = [
        str(path)
        for path in project_files(".py", ".js")
        if any(BANNED_NAMES.search(part.removesuffix(path.suffix)) for part in path.parts)
    ]
    assert vague == []


def test_only_who_starts_a_program_reads_the_clock() -> None:
    readers = [
        path.as_posix()
        for path in project_files(".py")
        if path.parts[0] in {"crypto", "service", "migrations"}
        and READS_THE_CLOCK.search((ROOT / path).read_text())
    ]
    assert [path for path in readers if not path.startswith(STARTERS)] == []


def test_the_project_speaks_of_itself_alone() -> None:
    foreign = [
        f"{path}:{number}"
        for path in project_files(*TEXT)
        for number, line in enumerate((ROOT / path).read_text(errors="replace").splitlines(), 1)
        if FOREIGN.search(line)
    ]
    assert foreign == []


@pytest.mark.parametrize(
    "words",
    [("see issue", "#2"), ("as PR", "#11 says"), ("cd ", "home", "alice"), (" ", "root", "notes")],
)
def test_the_check_sees_what_it_looks_for(words: tuple[str, ...]) -> None:
    assert FOREIGN.search((" " if len(words) == 2 else "/").join(words))
