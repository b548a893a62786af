"""Other lines of an AWS account, as the service shows them, held against what was verified."""


def is_hidden(shown: tuple[int, str] | None, verified: tuple[int, str]) -> bool:
    """Whether a line is shown without the roster that this device has verified, or a newer one.

    Both are a roster's version and digest; None where the service shows none that can be read.
    """
    if shown is None or shown[0] < verified[0]:
        return True
    return shown[0] == verified[0] and shown[1] != verified[1]
