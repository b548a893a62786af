"""Small files, and rooms that one can look over."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.contracts.tree import PACKAGES, ROOT, project_files

LONGEST = 300  # lines of a file
WIDEST = 10  # percent of the product that the files of one folder may hold
SOURCES = (".py", ".js", ".mjs", ".css", ".html")


def lines_of(paths: Iterable[Path]) -> dict[Path, int]:
    return {path: len((ROOT / path).read_bytes().splitlines()) for path in paths}


def product() -> dict[Path, int]:
    return lines_of(path for path in project_files(*SOURCES) if path.parts[0] in PACKAGES)


def test_no_source_file_is_longer_than_one_reads_at_once() -> None:
    own = lines_of(
        path for path in project_files(*SOURCES) if path.parts[0] in {*PACKAGES, "tests", "deploy"}
    )
    assert {str(path): count for path, count in own.items() if count > LONGEST} == {}


def test_no_folder_holds_more_than_a_tenth_of_the_product() -> None:
    folders: Counter[str] = Counter()
    for path, count in product().items():
        folders[str(path.parent)] += count
    whole = folders.total()
    assert [name for name, count in folders.items() if count * 100 > whole * WIDEST] == []
