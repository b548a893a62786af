"""Text as an editor saved it: a byte order mark decides on the encoding, no mark means UTF-8."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LONG_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the mark of UTF-16, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    *_MARKS,
)


def marked(data: bytes) -> bool:
    """Whether these bytes begin with a byte order mark."""
    return data.startswith(tuple(mark for mark, _ in _LONG_MARKS))


def text_in(data: bytes, *, utf_32: bool = True) -> str:
    """Return the text without its mark; ``utf_32`` tells whether that is read too.

    Raises:
        UnicodeDecodeError: it is not in that encoding; a ValueError.
    """
    for mark, encoding in _LONG_MARKS if utf_32 else _MARKS:
        if data.startswith(mark):
            return data.removeprefix(mark).decode(encoding)
    return data.decode("utf-8")
