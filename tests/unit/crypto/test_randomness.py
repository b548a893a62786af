import pytest

from crypto.fields import identifier
from crypto.randomness import random_below, random_bytes, random_uuid


@pytest.mark.parametrize("count", [0, 1, 12, 32])
def test_as_many_bytes_come_as_were_asked_for(count: int) -> None:
    assert len(random_bytes(count)) == count


def test_two_draws_differ() -> None:
    assert random_bytes(16) != random_bytes(16)
    assert random_uuid() != random_uuid()


def test_a_random_uuid_is_an_id_that_statements_accept() -> None:
    for _ in range(100):
        identifier(random_uuid())


def test_every_number_below_the_bound_comes_and_no_other() -> None:
    assert {random_below(5) for _ in range(1000)} == set(range(5))


@pytest.mark.parametrize("bound", [0, -1])
def test_there_is_nothing_below_zero(bound: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        random_below(bound)
