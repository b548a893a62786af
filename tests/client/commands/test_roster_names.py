"""A draft names people by id, address or name; each name must be one enrolled person."""

from typing import Any

import pytest

from crypto.encoding import b64encode
from crypto.randomness import random_uuid
from service.client.commands.rosterdraft import compose
from service.client.foundation.errors import ClientRefusal
from service.wire.people import Person
from tests.cast import ACCOUNT, PASSWORD, identity_statement, log_key, somebody
from tests.client.honest import EVERYBODY, MFA

TWIN = "Ann"  # as the first one is called, in other letters
PAPER = "fay"  # invited, and not enrolled


def entry(name: str, address: str, *, like: str = "") -> Person:
    keys = somebody(like).identity.public if like else None
    return Person(
        person=somebody(like).id if name == like else random_uuid(),
        name=name,
        email=f"{address}@corp.example",
        operator=False,
        auditor=False,
        encryption_key=b64encode(keys.encryption_key) if keys else "",
        signing_key=b64encode(keys.signing_key) if keys else "",
        fingerprint=keys.keyid if keys else "",
        identity=identity_statement(like).digest if like else "",
    )


PEOPLE = (
    *(entry(name, name, like=name) for name in EVERYBODY),
    entry(TWIN, "ann.two", like="nell"),
    entry(PAPER, PAPER),
)


def composed(*password: str) -> dict[str, Any]:
    wishes = {
        "name": "payments",
        "root_email": "root@corp.example",
        "type": "member",
        "requesters": ["gus"],
        "sealers": ["sam"],
        "groups": {
            "password": {"threshold": 2, "custodians": [*password, *PASSWORD[1:]]},
            "mfa": {"threshold": 1, "custodians": [*MFA]},
        },
    }
    return compose(ACCOUNT, wishes, newest=None, people=PEOPLE, log_key=log_key())


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("ann", "ambiguous-person"),
        ("ANN", "ambiguous-person"),
        (PAPER, "not-enrolled"),
        (f"{PAPER}@corp.example", "not-enrolled"),
        ("nobody", "unknown-person"),
        ("ann@", "unknown-person"),
    ],
)
def test_a_name_that_is_not_one_enrolled_person_is_refused(who: str, code: str) -> None:
    with pytest.raises(ClientRefusal) as caught:
        composed(who)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "who",
    ["ann@corp.example", "ANN@corp.example", pytest.param(somebody("ann").id, id="an id")],
)
def test_an_address_or_an_id_tells_people_of_one_name_apart(who: str) -> None:
    roster = composed(who)
    assert roster["groups"]["password"]["custodians"][0] == somebody("ann").id
    assert somebody("nell").id not in {entry["person"] for entry in roster["people"]}
