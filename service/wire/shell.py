"""The one page of HTML that the browser's application begins with: the same bytes for everyone.

It is made of a skeleton and of the files that come with it, and of nothing else: no time, host,
person or query. Each script and style is named with its SHA-256, so whoever knows the digest of
this page knows all that a browser runs.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from crypto.encoding import b64encode, hex_digest, sha256
from service.wire import assets

START = "js/link/start.js"
MAIN = "js/pages/main.js"
STYLE = "css/base.css"
ICON = "icon.svg"
# What the first views are made of: what these import comes first, and all else after it.
CORE = (MAIN, "js/pages/signIn.js")
# Each page route is one of these, or the server draws it.
SHELL = ("/sign-in", "/enroll")
PAGES = 23  # routes of both kinds
_FILES = "<!-- files -->\n"
_PART = re.compile(r"<(\w+):\w+>")
# What stands in an address for something that is nowhere.
_MADE_UP = {"account": "0" * 12, "id": "00000000-0000-4000-8000-000000000000", "leaf": "0"}
_AT_ONCE = re.compile(r"""^(?:import|export)\b[^"';]*["'](\.{1,2}/[^"']+)["'];""", re.MULTILINE)
_WHEN_NEEDED = re.compile(r"""\bimport\(\s*["'](\.{1,2}/[^"']+)["']\s*\)""")


def imported(content: Mapping[str, bytes], *modules: str, later: bool = False) -> tuple[str, ...]:
    """The modules, and all that they import, directly or not, each once.

    ``later``: also what is loaded by ``import()`` when it is needed.
    """
    found: dict[str, None] = dict.fromkeys(modules)
    waiting = list(modules)
    while waiting:
        path = waiting.pop(0)
        text = content.get(path, b"").decode()
        for relative in [*_AT_ONCE.findall(text), *(_WHEN_NEEDED.findall(text) if later else ())]:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), relative))
            if target not in found:
                found[target] = None
                waiting.append(target)
    return tuple(found)


def shell(content: Mapping[str, bytes], skeleton: bytes) -> bytes:
    """The page: the skeleton with every file in it. Pure.

    Raises:
        ValueError: the skeleton has not exactly one place for them.
    """
    before, place, after = skeleton.decode().partition(_FILES)
    if not place or _FILES in after:
        raise ValueError("the skeleton needs one place for its files")
    lines = "".join(f"{line}\n" for line in _lines(content))
    return f"{before}{lines}{after}".encode()


@cache
def page() -> bytes:
    """The page of this release."""
    skeleton = (files("service") / "browser" / assets.SKELETON).read_bytes()
    return shell(assets.load(), skeleton)


def tag() -> str:
    """The page's entity tag. It is weak: the same for the compressed bytes (RFC 9110, 8.8.3.3)."""
    return f'W/"{hex_digest(page())}"'


def addresses() -> tuple[str, ...]:
    """An address of each route that the shell serves, of things that do not exist."""
    return tuple(_PART.sub(lambda part: _MADE_UP[part[1]], rule) for rule in SHELL)


def _lines(content: Mapping[str, bytes]) -> Iterator[str]:
    """What the head names, in the order in which a browser shall ask for it.

    The first script is ``async``: without that it would wait for the style sheet.
    """
    folder = f"/static/{assets.digest(content)}"

    def named(attribute: str, path: str) -> str:
        value = f"sha256-{b64encode(sha256(content[path]))}"
        return f'{attribute}="{folder}/{path}" integrity="{value}"'

    yield f'<script type="module" async {named("src", START)}></script>'
    yield f'<link rel="stylesheet" {named("href", STYLE)}>'
    yield f'<link rel="icon" href="{folder}/{ICON}" type="image/svg+xml">'
    core = sorted(set(imported(content, *CORE)) - {START})
    later = sorted(set(imported(content, MAIN, later=True)) - {*core, START})
    yield from (f'<link rel="modulepreload" {named("href", path)}>' for path in core)
    low = 'rel="modulepreload" fetchpriority="low"'
    yield from (f"<link {low} {named('href', path)}>" for path in later)
    yield f'<script type="module" {named("src", MAIN)}></script>'
