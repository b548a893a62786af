"""A roster in which only names change: what was sealed before it is confirmed and released."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import ACCOUNT
from tests.client.acting import SECRET, approve, ask, in_force, revealed
from tests.client.conftest import MFA, PASSWORD, Organisation


@pytest.fixture
def people(tmp_path: Path) -> Iterator[Organisation]:
    """A password is in force, and another one is sealed that no one has confirmed."""
    with in_force(tmp_path) as made:
        out, into = os.pipe()
        os.write(into, SECRET[::-1].encode())
        os.close(into)
        made["Gus"].do("seal", ACCOUNT, "--password-fd", str(out))
        os.close(out)
        yield made


def changed(people: Organisation, *options: str) -> None:
    people.draft(*options)
    people.sign(*PASSWORD, *MFA)


def test_what_was_sealed_before_is_confirmed_approved_and_released(people: Organisation) -> None:
    changed(people, "--name", "Payer EU")
    shown = people["Gus"].do("accounts", "show", ACCOUNT)
    assert (shown["roster_version"], shown["envelope_version"]) == (2, 1)
    in_force = ask(people)
    approve(people, in_force, "Ann")
    people["Gus"].do("cancel", in_force, "--reason", "the other one")
    request = ask(people, "--newest")
    said = people["Ann"].says("approve", request)
    assert "that your share of version 2 opens (your custody receipt)" in said
    for name in ("Bob", *MFA):
        people[name].do("confirm", ACCOUNT)
    assert people["Ann"].refused("confirm", ACCOUNT) == "already-confirmed"
    approve(people, request, "Bob", *MFA)
    people["Gus"].do("release", request)
    assert revealed(people["Gus"], "reveal", request) == SECRET[::-1]


def test_where_one_signs_in_is_no_mere_name(people: Organisation) -> None:
    changed(people, "--root-email", "root@elsewhere.example")
    assert people["Ann"].refused("confirm", ACCOUNT) == "stale-roster"
    request = ask(people, "--newest")
    assert people["Ann"].refused("approve", request) == "receipt-missing"
