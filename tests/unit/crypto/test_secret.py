import copy
import pickle

import pytest

from crypto.secret import SecretBytes

SECRET = b"correct horse battery staple"


def test_a_secret_gives_its_bytes_only_when_asked() -> None:
    assert SecretBytes(SECRET).reveal() == SECRET


@pytest.mark.parametrize("shown", [repr, str, "{}".format, "{!r}".format, ascii, lambda s: f"{s}"])
def test_no_way_of_printing_shows_a_secret(shown: object) -> None:
    assert callable(shown)
    assert shown(SecretBytes(SECRET)) == "<SecretBytes, 28 bytes>"


def test_a_secret_inside_a_container_does_not_print() -> None:
    assert "horse" not in repr([SecretBytes(SECRET)])


def test_equal_bytes_are_equal_secrets() -> None:
    assert SecretBytes(SECRET) == SecretBytes(SECRET)


@pytest.mark.parametrize("other", [SECRET, SecretBytes(SECRET[:-1]), SecretBytes(b""), None, 28])
def test_a_secret_equals_nothing_else(other: object) -> None:
    assert SecretBytes(SECRET) != other


@pytest.mark.parametrize("act", [hash, pickle.dumps, copy.copy, copy.deepcopy])
def test_a_secret_is_not_hashed_pickled_or_copied(act: object) -> None:
    assert callable(act)
    with pytest.raises(TypeError):
        act(SecretBytes(SECRET))


def test_a_secret_has_no_other_attribute() -> None:
    with pytest.raises(AttributeError):
        SecretBytes(SECRET).copy = 1  # type: ignore[attr-defined]


def test_the_length_of_a_secret_is_no_secret() -> None:
    assert len(SecretBytes(SECRET)) == len(SECRET)
