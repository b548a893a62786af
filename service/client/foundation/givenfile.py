"""A file that a person names: opened in one place, read whole, and turned into text.

Only regular files are read. A link may lead elsewhere than its name says, a named pipe would be
waited for, a device may never end; a secret that comes through a pipe has an option of its own.
"""

import errno
import json
import os
import re
import stat
from pathlib import Path

from crypto.textfile import marked, text_in
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.faults import as_refusal

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_LINK = (errno.ELOOP, getattr(errno, "EMLINK", errno.ELOOP))  # BSD says EMLINK
_STRINGS = re.compile(r'("(?:[^"\\]|\\.)*")', re.DOTALL)
_FOLD = re.compile(r"[ \t]*\n[ \t]*")
_BETWEEN = re.compile(r"(?<=[0-9a-z.+-])[ \t]*\n[ \t]*(?=[0-9a-z.+-])", re.IGNORECASE)
_ONE_WORD = re.compile(r"[A-Za-z0-9+/=_.:-]*")


def open_given(path: str | Path) -> int:
    """Open a regular file for reading, without following a link and without waiting.

    Returns a descriptor, which the caller closes.

    Raises:
        ClientRefusal: ``no-file``; ``not-a-file``: a folder, a link, a pipe, a device;
            ``file``: it cannot be opened.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except FileNotFoundError:
        raise ClientRefusal("no-file", f"{path} is not there", "check its name") from None
    except OSError as failed:
        if failed.errno in _LINK:
            raise _no_file(path, "a link") from None
        if failed.errno == errno.ENXIO:  # a socket
            raise _no_file(path, "no file") from None
        raise as_refusal(failed, "read") from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise _no_file(path, next((name for test, name in _KINDS if test(mode)), "no file"))
    return descriptor


def read_given(path: str | Path, limit: int) -> bytes:
    """Return a regular file of at most ``limit`` bytes.

    Raises:
        ClientRefusal: as :func:`open_given`; ``file-too-large``.
    """
    with os.fdopen(open_given(path), "rb", buffering=0) as file:
        try:
            size = os.fstat(file.fileno()).st_size
            data = file.read(min(limit, size) + 1)
        except OSError as failed:
            failed.filename = failed.filename or str(path)
            raise as_refusal(failed, "read") from None
    if data is None or len(data) > limit:
        raise ClientRefusal("file-too-large", f"{path} is larger than {limit} bytes")
    return data


def text_of(data: bytes) -> str:
    r"""Return text as it was before an editor or a mail gateway saved it in its own way.

    A byte order mark decides on the encoding and goes; no mark means UTF-8. Every line ends with
    ``\n``.

    Raises:
        UnicodeDecodeError: neither; a ValueError.
    """
    return text_in(data).replace("\r\n", "\n").replace("\r", "\n")


def json_of(data: bytes) -> str:
    """Return JSON whose lines a gateway has folded, as it was: without the folds.

    A string of JSON never holds a line's end, and neither does a number: each one there was put in
    on the way, and goes with the blanks around it. In a string of several words a fold with a
    blank stands for one blank. JSON says without a mark whether it is UTF-8, 16 or 32.

    Raises:
        ValueError: this is no text.
    """
    text = text_of(data if marked(data) else data.decode(json.detect_encoding(data)).encode())
    parts = _STRINGS.split(text)  # every second one is a string
    parts[::2] = [_BETWEEN.sub("", part) for part in parts[::2]]
    parts[1::2] = map(_unfolded, parts[1::2])
    return "".join(parts)


def _unfolded(text: str) -> str:
    if "\n" not in text:
        return text
    whole = _FOLD.sub("", text)
    if _ONE_WORD.fullmatch(whole[1:-1]):
        return whole
    return _FOLD.sub(lambda fold: " " if fold[0].strip("\n") else "", text)


def _no_file(path: str | Path, what: str) -> ClientRefusal:
    return ClientRefusal(
        "not-a-file",
        f"{path} is {what}, and only a regular file is read",
        "name the file itself; a phrase from a pipe goes to --phrase-fd"
        if what in {"a link", "a pipe"}
        else "name the file itself",
    )
