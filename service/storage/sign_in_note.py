"""What an operator wants everyone to read who is about to sign in: whom to call, for instance.

It is a file in the state folder, read when it is shown, so that it can be changed at any time. It
is public: strangers read it too.
"""

from pathlib import Path

from crypto.encoding import check_text
from crypto.errors import MalformedError

FILE = "sign-in.txt"  # in the state folder
LIMIT = 4000  # characters


def read(path: Path | None) -> tuple[str, ...]:
    """Its paragraphs; none if there is no such file, or one that is no plain text of this length.

    A bad note must not keep anyone out.
    """
    if path is None:
        return ()
    try:
        with path.open(encoding="utf-8") as file:
            text = check_text(file.read(LIMIT + 1), LIMIT)
    except (OSError, UnicodeDecodeError, MalformedError):
        return ()
    return tuple(part.strip("\n") for part in text.split("\n\n") if part.strip())
