"""What a release ships to browsers: its scripts and styles, and the name they have.

The server serves exactly this, and ``breakglass verify-web`` compares with it. The files are read
from the installed package, in whichever process asks. Modules and styles are shipped without
comments for those who read the repository, and without indentation: two fifths of their bytes,
which no one on a bad network waits for. Every line stays, if only as an empty one, so a line's
number in a browser is its number in the repository.
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain
from types import MappingProxyType

from crypto.encoding import hex_digest, lp, sha256

TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
# What the shell is made from; it is served under no name of its own.
SKELETON = "index.html"
_DIGITS = 16
# A comment that begins and ends with its lines; one before code, and one after it; indentation. No
# text of ours spans lines, so what looks like one of these is one; a test compares the parsed code.
_COMMENT = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/)[\s\S])*\*/|//[^\n]*)[ \t]*$", re.MULTILINE)
_BESIDE = re.compile(r"/\*\* (?:(?!\*/)[^\n])*\*/ ?|[ \t]+// [^\n\"'`]*$", re.MULTILINE)
_STYLE_COMMENT = re.compile(r"/\*(?:(?!\*/)[\s\S])*\*/[ \t]*")
_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


def lean(module: bytes) -> bytes:
    """The module line for line, without comments for readers and without indentation."""
    text = _COMMENT.sub(_its_lines, module.decode())
    return _INDENTATION.sub("", _BESIDE.sub("", text)).encode()


def lean_style(sheet: bytes) -> bytes:
    """The style sheet line for line, without comments and without indentation."""
    return _INDENTATION.sub("", _STYLE_COMMENT.sub(_its_lines, sheet.decode())).encode()


def _its_lines(comment: re.Match[str]) -> str:
    return "\n" * comment[0].count("\n")


_LEAN: Mapping[str, Callable[[bytes], bytes]] = {".js": lean, ".css": lean_style}


@cache
def load() -> Mapping[str, bytes]:
    """Every file by its path below ``/static/<digest>/``, read once: modules stand below ``js/``.

    Raises:
        RuntimeError: a file is of a kind that no page loads.
    """
    service = files("service")
    styles = _read(service / "web" / "static", "")
    modules = _read(service / "browser", "js/")
    return MappingProxyType(dict(chain(styles, modules)))


def _read(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        path = f"{prefix}{entry.name}"
        if path == f"js/{SKELETON}":
            continue
        if entry.is_dir():
            yield from _read(entry, f"{path}/")
        elif (kind := posixpath.splitext(path)[1]) in TYPES:
            yield path, _LEAN.get(kind, bytes)(entry.read_bytes())
        else:
            raise RuntimeError(f"{path} is of no kind that a page loads")


def media_type(path: str) -> str:
    """The media type of one of these files."""
    return TYPES[posixpath.splitext(path)[1]]


def digest(content: Mapping[str, bytes]) -> str:
    """The first 16 hexadecimal digits of SHA-256 over paths and the digests of contents.

    It is part of the URL of each of these files, of which a page names dozens. It only has to tell
    releases of ours apart: what a file is, ``verify-web`` compares byte for byte.
    """
    parts = [(path, sha256(data)) for path, data in sorted(content.items())]
    return hex_digest(lp(*(field for part in parts for field in part)))[:_DIGITS]
