"""Notices in a file, one JSON object a line: what is left when no topic is set.

It notifies no one outside; ``breakglass-ops status`` says so.
"""

import json
import os
from pathlib import Path

from service.aws.notices.channel import TransientFault
from service.domain.notices import Notice


class FileChannel:
    """A file that only its owner reads (0600); each line is on the disk before the next begins."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, notice: Notice) -> None:
        """Append one line.

        Raises:
            TransientFault: the file does not take it.
        """
        record = notice.attributes | {
            "at": notice.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "subject": notice.subject,
            "body": notice.body,
        }
        line = json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n"
        try:
            self._append(line.encode())
        except OSError as error:
            raise TransientFault(type(error).__name__, alarm=True) from None

    def _append(self, line: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self._path, flags, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
            _write_whole(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_whole(descriptor: int, line: bytes) -> None:
    """Write all of it or nothing: half a line would spoil the next one."""
    start = os.fstat(descriptor).st_size
    if os.write(descriptor, line) != len(line):
        os.ftruncate(descriptor, start)
        raise OSError("disk full")
