"""What the operating system refused, as a person can use it: the file, the cause, what to do."""

import errno
from collections.abc import Mapping

from service.client.foundation.errors import ClientRefusal

_ADVICE: Mapping[int, str] = {
    errno.EROFS: "the file system is mounted for reading only: use a folder on another one",
    errno.ENOSPC: "free some space there, or use another disk, and repeat",
    errno.EDQUOT: "free some space there, or use another disk, and repeat",
    errno.EACCES: "see who owns it, or use a folder of your own",
    errno.EPERM: "see who owns it, or use a folder of your own",
    errno.ENOENT: "check the name, and that the folder is there",
    errno.ENOTDIR: "check the name: a part of it is a file, not a folder",
    errno.EISDIR: "check the name: a folder is there",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.EFBIG: "the file system takes no file of this size: use another disk",
    errno.EIO: "the disk is failing: copy what is on it, and use another one",
    errno.ENOLCK: "use a folder on a disk of this machine: BREAKGLASS_HOME names it",
    errno.EMFILE: "close other programs, and repeat",
    errno.ENFILE: "close other programs, and repeat",
}


def as_refusal(failed: OSError, verb: str = "used") -> ClientRefusal:
    """Return the refusal ``file``; ``verb`` says what could not be done with the file."""
    cause = failed.strerror or type(failed).__name__
    name = failed.filename2 or failed.filename
    message = f"{name} cannot be {verb}: {cause}" if name else cause
    return ClientRefusal("file", message, advice(failed))


def advice(failed: OSError) -> str:
    """Return what a person can do about it, or empty text."""
    return _ADVICE.get(failed.errno or 0, "")
