"""An organisation with a password in force, and what its people do next."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cast import ACCOUNT
from tests.client.conftest import EVERYBODY, MFA, PASSWORD, Organisation, organise, running
from tests.client.devices import Device

SECRET = "Tr0ub4dor&3-and-then-some-more"


@contextmanager
def in_force(folder: Path) -> Iterator[Organisation]:
    """A roster is signed, a password is sealed, everybody has confirmed."""
    with running(folder) as ctx:
        people = organise(ctx, folder)
        people.sign(*EVERYBODY)
        seal(people)
        yield people


def seal(people: Organisation, *options: str) -> None:
    out, into = os.pipe()
    os.write(into, SECRET.encode())
    os.close(into)
    people["Gus"].do("seal", ACCOUNT, "--password-fd", str(out), *options)
    os.close(out)
    for name in (*PASSWORD, *MFA):
        people[name].do("confirm", ACCOUNT)


def ask(people: Organisation, *options: str) -> str:
    given = ("--task", "billing", "--reason", "the invoice run is stuck", *options)
    number: str = people["Gus"].do("request", ACCOUNT, *given)["id"]
    return number


def approve(people: Organisation, request: str, *names: str) -> Any:
    done = None
    for name in names or (*PASSWORD, *MFA):
        done = people[name].do("approve", request)
    return done


def revealed(device: Device, *args: str) -> str:
    """What comes out of a descriptor that a command was given."""
    out, into = os.pipe()
    device.do(*args, "--out-fd", str(into))
    os.close(into)
    with os.fdopen(out) as file:
        return file.read()


def kept(device: Device) -> list[str]:
    """What a device keeps of its requests."""
    folder = device.home / "requests"
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []
