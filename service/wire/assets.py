"""What a release ships to browsers: its scripts and styles, the name they have, and the policy.

The server serves exactly this, and ``breakglass verify-web`` compares with it. The files are read
from the installed package, in whichever process asks. Modules are shipped without the comments that
stand on lines of their own: a third of their bytes, which nobody on a bad network waits for. Each
such line stays as an empty one, so a place in the code is the same place in the repository.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from crypto.encoding import hex_digest, lp, sha256

TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
# Scripts, styles, pictures and calls come from here and go here, and nothing else is loaded. A
# string never becomes code or markup: with Trusted Types and no policy, the browser refuses it.
POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self'; "
    "connect-src 'self'; "
    "worker-src 'none'; "
    "frame-ancestors 'none'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
# A comment that begins and ends with its lines. One that shares a line with code is left alone. No
# text of ours spans lines, so what looks like such a line is one; a test compares the parsed code.
_COMMENT = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/)[\s\S])*\*/|//[^\n]*)[ \t]*$", re.MULTILINE)


def without_comments(module: bytes) -> bytes:
    """The module line for line, with nothing on the lines that hold comments alone."""
    text = module.decode()
    return _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text).encode()


@cache
def load() -> Mapping[str, bytes]:
    """Every file by its path below the folder of static files, read once.

    Raises:
        RuntimeError: a file is of a kind that no page loads.
    """
    return MappingProxyType(dict(_read(files("service") / "web" / "static", "")))


def _read(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        path = f"{prefix}{entry.name}"
        if entry.is_dir():
            yield from _read(entry, f"{path}/")
        elif posixpath.splitext(path)[1] in TYPES:
            data = entry.read_bytes()
            yield path, without_comments(data) if path.endswith(".js") else data
        else:
            raise RuntimeError(f"{path} is of no kind that a page loads")


def media_type(path: str) -> str:
    """The media type of one of these files."""
    return TYPES[posixpath.splitext(path)[1]]


def digest(content: Mapping[str, bytes]) -> str:
    """SHA-256 over paths and the digests of contents, as 64 hexadecimal digits.

    It is part of the URL of each of these files.
    """
    parts = [(path, sha256(data)) for path, data in sorted(content.items())]
    return hex_digest(lp(*(field for part in parts for field in part)))
