"""Shared by the tests of ``crypto``: examples and a way to spoil them."""

from collections.abc import Callable, Iterator

import hypothesis
import pytest

from crypto.errors import CryptoError
from crypto.identity import Identity
from tests.cast import identity_of

# A machine under load is no finding: properties have no deadline.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture
def ann() -> Identity:
    return identity_of("ann")


@pytest.fixture
def bob() -> Identity:
    return identity_of("bob")


def manglings(data: bytes) -> Iterator[bytes]:
    """Yield ``data`` with each byte changed in three ways, cut at each place, and made longer."""
    for place, byte in enumerate(data):
        for other in (byte ^ 1, byte ^ 0x80, 0):
            if other != byte:
                yield data[:place] + bytes([other]) + data[place + 1 :]
        yield data[:place]
    yield data + b"\n"
    yield data + b"\x00"
    yield data + data


def survivors(data: bytes, parse: Callable[[bytes], object]) -> list[bytes]:
    """Return the manglings that ``parse`` accepts; it may refuse with nothing but CryptoError."""
    accepted = []
    for mangled in manglings(data):
        try:
            parse(mangled)
        except CryptoError:
            continue
        accepted.append(mangled)
    return accepted
