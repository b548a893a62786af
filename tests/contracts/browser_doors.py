"""Which browser module may import which: for JavaScript what import-linter is for Python.

A module is named by its path below ``service/browser`` without the suffix. Types that comments name
are no imports: nothing is loaded for them.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.wire.assets import lean
from tests.contracts.circles import circle
from tests.contracts.tree import ROOT

BROWSER = ROOT / "service" / "browser"

# Each room, and the rooms or modules that it may import besides its own.
ROOMS: Mapping[str, frozenset[str]] = {
    "crypto": frozenset(),
    "domain": frozenset({"crypto"}),
    "link": frozenset(),
    "words": frozenset({"domain", "link/render"}),
    # What stays when views change: it knows neither acts nor what was signed.
    "frame": frozenset({"keys/signin", "link"}),
    "device": frozenset({"link", "crypto"}),
    "trust": frozenset({"link/errors", "domain", "crypto"}),
    "shares": frozenset({"trust", "link/errors", "domain", "crypto"}),
    "log": frozenset({"trust", "device", "link", "crypto"}),
    "keys": frozenset({"device", "link", "crypto"}),
    "acts": frozenset(
        {"words", "keys", "log", "shares", "trust", "device", "link", "domain", "crypto"}
    ),
    "pages": frozenset(
        {"frame", "acts", "words", "keys", "log", "trust", "device", "link", "domain", "crypto"}
    ),
}
# Each module that has a door of its own, and the only rooms or modules that may import it.
DOORS: Mapping[str, frozenset[str]] = {
    # Whatever text becomes a node here: a view draws values through `checked` and `told` alone.
    "frame/make": frozenset({"frame", "pages/dom"}),
    # One module begins the router; views have their place.
    "frame/router": frozenset({"pages/compose"}),
    # The link's token is taken once.
    "link/start": frozenset({"link/api", "frame/router", "pages/enroll"}),
    # A share is opened for its place in a roster or not at all. The trial opens its own message.
    "crypto/unseal": frozenset({"shares/opening", "shares/trial"}),
    "crypto/sharing": frozenset({"shares/opening", "crypto/opening"}),
    "crypto/opening": frozenset({"shares/sealing", "shares/combining"}),
    "crypto/derived": frozenset({"crypto/opening"}),
    # Unsealing is made of HPKE: no way around the first door.
    "crypto/hpke": frozenset({"crypto/seal", "crypto/unseal", "crypto/recipient"}),
    # Every act names a head of the log: one function asks for it, and signs, or stamps what the
    # shares' room signs. The others sign what names none: slots and rosters.
    "crypto/signing": frozenset(
        {"acts/acting", "acts/rosterDraft", "acts/rosters", "crypto/opening", "keys/keyslots"}
        | {"shares"}
    ),
    "log/named": frozenset({"acts/acting"}),
    # What an act relies on is judged by one function, and signed only with what it returns.
    "trust/before": frozenset({"acts/proving"}),
    # The other use lets no act through: a new key of the log counts once its roster is proved.
    "trust/entries": frozenset({"acts/proving", "trust/newKey"}),
    "crypto/slip39": frozenset({"crypto/sharing"}),
    "crypto/shamir": frozenset({"crypto/slip39"}),
    "crypto/unlock": frozenset({"keys"}),
    "crypto/phrase": frozenset({"keys"}),
    "crypto/requestKey": frozenset({"device"}),
}

_STATIC = re.compile(
    r"""^(?:import|export)\b(?:[^"';]*\bfrom)?\s*["']([^"'\n]+)["'];""", re.MULTILINE
)
_DYNAMIC = re.compile(r"""\bimport\(\s*["']([^"'\n]+)["']\s*\)""")
_ANY = re.compile(r"""\bimport\b(?!\.meta\b)|\bfrom\s*["'`]""")


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong. ``rule``: a room, a module with a door, ``lost``, ``unread`` or ``circle``."""

    rule: str
    modules: tuple[str, ...]


def modules() -> dict[str, str]:
    """The text of every module as it is served, so without comments."""
    return {
        path.relative_to(BROWSER).with_suffix("").as_posix(): lean(path.read_bytes()).decode()
        for path in sorted(BROWSER.rglob("*.js"))
    }


def imports(text: str) -> tuple[list[str], list[str]]:
    """What a module names in static and dynamic imports and re-exports, and what cannot be read.

    Every import has to name its module in a plain string: one that is put together when it runs
    could lead anywhere.
    """
    read = [*_STATIC.finditer(text), *_DYNAMIC.finditer(text)]
    unread = [
        text[one.start() :].partition("\n")[0]
        for one in _ANY.finditer(text)
        if not any(whole.start() <= one.start() < whole.end() for whole in read)
    ]
    return [one[1] for one in read], unread


def static_imports(module: str, text: str) -> list[str]:
    """The modules that come with a module, before it runs; dynamic ones come when asked for."""
    return [_resolved(module, one[1]) for one in _STATIC.finditer(text)]


def faults(texts: Mapping[str, str]) -> Iterator[Found]:
    """Everything in these modules that the tables above forbid."""
    graph: dict[str, set[str]] = {}
    for module, text in texts.items():
        named, unread = imports(text)
        yield from (Found("unread", (module, line)) for line in unread)
        graph[module] = set()
        for path in named:
            target = _resolved(module, path)
            if target not in texts:
                yield Found("lost", (module, path))
                continue
            graph[module].add(target)
            yield from _forbidden(module, target)
    if found := circle(graph):
        yield Found("circle", found)


def arrows(texts: Mapping[str, str]) -> set[tuple[str, str]]:
    """Every pair of a module and one that it imports."""
    return {
        (module, _resolved(module, path))
        for module, text in texts.items()
        for path in imports(text)[0]
    }


def admits(allowed: frozenset[str], module: str) -> bool:
    """Whether a module or its room is among these."""
    return module in allowed or room(module) in allowed


def room(module: str) -> str:
    """The room that a module is in."""
    return module.partition("/")[0]


def _resolved(module: str, path: str) -> str:
    """The module that a relative path leads to; what is not relative leads to none of ours."""
    if not path.startswith(("./", "../")) or not path.endswith(".js"):
        return f"?{path}"
    return posixpath.normpath(posixpath.join(posixpath.dirname(module), path[: -len(".js")]))


def _forbidden(module: str, target: str) -> Iterator[Found]:
    own = room(module)
    if room(target) != own and not admits(ROOMS.get(own, frozenset()), target):
        yield Found(own, (module, target))
    if target in DOORS and not admits(DOORS[target], module):
        yield Found(target, (module, target))
