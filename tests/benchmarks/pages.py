"""What it takes to make a page, beside a bare Flask route with one query and a small template."""

from collections.abc import Iterator
from pathlib import Path

from service.usecases.requests import PAGE
from tests.benchmarks.bare import server as bare
from tests.benchmarks.figures import Row, in_turn
from tests.benchmarks.served import Pair, pair

ACCOUNTS = 10
ROUNDS = 200


def _each(servers: Pair, person: str) -> Iterator[tuple[str, str, str]]:
    """A page's name, its path, and the path of the bare page with as many rows."""
    case = servers.made.cases[-1]
    one = f"/pages/{case.request}"
    yield "home", "/", f"/pages/{person}/{ACCOUNTS}"
    yield "request", f"/requests/{case.request}", one
    yield "account", f"/accounts/{case.account}", one
    yield "history", "/history", f"/pages/{person}/{PAGE}"


def rows(folder: Path, urls: tuple[str, str], name: str, workers: int) -> Iterator[Row]:
    """Four pages of a requester with ten accounts, as a browser opens them."""
    with pair(folder, urls, workers, ACCOUNTS) as servers:
        person = next(iter(servers.made.signers))
        bare.fill(urls[1], servers.made.cases[-1].request, person, PAGE)
        for title, path, bare_path in _each(servers, person):
            pairs = servers.page(path, bare_path, ROUNDS)
            yield in_turn(f"page: {title}, {name}", "page", pairs)
