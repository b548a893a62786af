"""Replaying roles: whoever had theirs withdrawn does nothing of it any more, and one is left."""

from collections.abc import Mapping

import pytest

from crypto import statement as statements
from crypto.encoding import b64encode
from crypto.identity import Identity
from crypto.leaf import Detail, parse_leaf
from crypto.randomness import random_uuid
from service.client.audit.replay.world import World
from service.client.foundation.errors import ClientRefusal
from service.domain.roles import Role
from tests.client.audit.exports import replayed
from tests.client.honest import START
from tests.client.logs import Log

OLGA, OTTO, AUD, ANN = (f"00000000-0000-4000-8000-00000000000{n}" for n in range(1, 5))
KEYS = {person: Identity.generate() for person in (OLGA, OTTO, AUD, ANN)}
ACCOUNT = "444455556666"
SHELL = "ops:root"


def invite(log: Log, person: str, *, by: str = SHELL, **roles: bool) -> None:
    details: dict[str, Detail] = {"name": "X", "operator": False, "auditor": False, **roles}
    known = {leaf.subject for leaf in map(parse_leaf, log.leaves) if leaf.statement}
    details["replaces"] = person in known
    log.append("invitation:created", actor=by, subject=person, details=details)


def enrol(log: Log, person: str) -> None:
    public = KEYS[person].public
    fields = {
        "person": person,
        "encryption_key": b64encode(public.encryption_key),
        "signing_key": b64encode(public.signing_key),
    }
    signed = statements.sign("identity", fields, identity=KEYS[person], at=START)
    details: dict[str, Detail] = {"fingerprint": public.keyid}
    log.append(
        "identity:enrolled", actor=person, subject=person, statement=signed.raw, details=details
    )


def withdraw(log: Log, person: str, role: Detail, *, by: str = OLGA) -> None:
    details: Mapping[str, Detail] = {"name": "X", "role": role, "sessions": 0}
    log.append("role:withdrawn", actor=by, subject=person, details=details)


def register(log: Log, by: str, account: str = ACCOUNT) -> None:
    log.append("account:registered", actor=by, subject=account, details={"sns_topic_arn": ""})


@pytest.fixture
def log() -> Log:
    """Two operators, an auditor, and Ann; all have enrolled."""
    log = Log().begin()
    invite(log, OLGA, operator=True)
    enrol(log, OLGA)
    invite(log, OTTO, by=OLGA, operator=True)
    invite(log, AUD, by=OLGA, auditor=True)
    invite(log, ANN, by=OTTO)
    for person in (OTTO, AUD, ANN):
        enrol(log, person)
    return log


def code(log: Log) -> str:
    with pytest.raises(ClientRefusal) as caught:
        replayed(log.leaves)
    assert caught.value.message.startswith(f"leaf {len(log.leaves) - 1} ")
    return caught.value.code


def test_roles_are_given_by_invitations_and_withdrawn_by_operators(log: Log) -> None:
    register(log, OTTO)
    withdraw(log, OTTO, "operator")
    withdraw(log, AUD, "auditor")
    world: World = replayed(log.leaves)
    assert world.roles[OLGA] == {Role.OPERATOR}
    assert not world.roles[OTTO]
    assert not world.roles[AUD]


def test_an_act_after_the_withdrawal_is_found(log: Log) -> None:
    withdraw(log, OTTO, "operator")
    register(log, OTTO)
    assert code(log) == "not-allowed"


@pytest.mark.parametrize("who", [AUD, ANN])
def test_so_is_an_act_of_somebody_who_never_had_the_role(log: Log, who: str) -> None:
    register(log, who)
    assert code(log) == "not-allowed"


def test_whoever_has_no_role_withdraws_none_and_ends_no_sessions(log: Log) -> None:
    withdraw(log, OTTO, "operator", by=AUD)
    assert code(log) == "not-allowed"
    log.leaves.pop()
    log.append("session:all-ended", actor=ANN, subject=OTTO, details={"name": "X", "sessions": 1})
    assert code(log) == "not-allowed"


def test_one_s_own_role_may_be_withdrawn_and_is_gone_then(log: Log) -> None:
    withdraw(log, OLGA, "operator")
    replayed(log.leaves)
    withdraw(log, OTTO, "operator")
    assert code(log) == "not-allowed"


def test_the_last_operator_who_has_enrolled_stays(log: Log) -> None:
    withdraw(log, OTTO, "operator")
    invite(log, random_uuid(), by=OLGA, operator=True)
    withdraw(log, OLGA, "operator")
    assert code(log) == "last-operator"


@pytest.mark.parametrize(
    ("person", "role", "expected"),
    [
        (AUD, "operator", "wrong-state"),
        (OTTO, "auditor", "wrong-state"),
        (OTTO, "custodian", "details-differ"),
        (OTTO, True, "details-differ"),
    ],
)
def test_a_role_that_is_none_or_not_theirs_is_not_withdrawn(
    log: Log, person: str, role: Detail, expected: str
) -> None:
    withdraw(log, person, role)
    assert code(log) == expected


def test_no_link_gives_a_role_to_somebody_who_has_enrolled(log: Log) -> None:
    invite(log, ANN, by=OLGA, operator=True)
    assert code(log) == "taken"


def test_a_link_for_new_keys_repeats_what_was_left(log: Log) -> None:
    withdraw(log, OTTO, "operator")
    invite(log, OTTO, by=OLGA)
    replayed(log.leaves)
    invite(log, OTTO, by=OLGA, operator=True)
    assert code(log) == "taken"


def test_the_server_s_shell_needs_no_role(log: Log) -> None:
    withdraw(log, OTTO, "operator", by=SHELL)
    register(log, SHELL)
    replayed(log.leaves)
