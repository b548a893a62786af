"""The table of survivors in ``docs/mutants.md``."""

import re

from tests.contracts.tree import ROOT
from tests.mutants.mutant import Mutant

PAGE = ROOT / "docs" / "mutants.md"
Named = tuple[str, str, str]


def row(mutant: Mutant) -> str:
    """A line of the table, with room for the reason."""
    return f"| {' | '.join(map(_code, mutant.named))} |  |"


def _code(text: str) -> str:
    fence = "``" if "`" in text else "`"
    return fence + text.replace("|", "\\|") + fence


def rows(page: str) -> dict[Named, str]:
    """The reasons in the page's table: by file, line, and what the line becomes."""
    found = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == len(("file", "line", "becomes", "reason")) and cells[0].startswith("`"):
            path, text, becomes = (_plain(cell) for cell in cells[:3])
            found[path, text, becomes] = cells[3]
    return found


def _plain(cell: str) -> str:
    fence = "``" if cell.startswith("``") else "`"
    return cell.removeprefix(fence).removesuffix(fence).replace("\\|", "|")
