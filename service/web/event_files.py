"""Events as files: a table for spreadsheets, or one JSON object a line for programs."""

import json
from collections.abc import Iterable, Iterator, Sequence

from service.web import spreadsheet
from service.wire.log import Leaf

JSON_LINES = "application/x-ndjson"
COLUMNS = ("entry", "at", "action", "what", "account", "request", "actor", "details")


def table(pages: Iterable[Sequence[Leaf]]) -> Iterator[bytes]:
    """Every page as lines of a table, after a line that names the columns."""
    yield b"".join(spreadsheet.rows([COLUMNS]))
    for page in pages:
        yield b"".join(spreadsheet.rows(map(_cells, page)))


def json_lines(pages: Iterable[Sequence[Leaf]]) -> Iterator[bytes]:
    """Every page as lines, each an object of the shape that ``event.list`` answers with."""
    for page in pages:
        yield b"".join(leaf.model_dump_json().encode() + b"\n" for leaf in page)


def _cells(leaf: Leaf) -> Sequence[str | int]:
    details = json.dumps(leaf.details, ensure_ascii=False, sort_keys=True) if leaf.details else ""
    what = (leaf.action, leaf.sentence, leaf.subject, leaf.request, leaf.actor)
    return (leaf.seq, leaf.at, *what, details)
