"""A service that lies about who counts is refused by name."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from crypto.encoding import canonical
from crypto.identity import Identity
from crypto.statement import Signature, Statement, sign_body
from service.client.foundation.errors import ClientRefusal
from service.client.trust.chain import check_my_keys, verify_chain
from tests.cast import ACCOUNT, PASSWORD, identities_of, identity_statement, somebody
from tests.client import honest
from tests.client.honest import (
    EVERYBODY,
    brought,
    first_roster,
    keys_of,
    roster_fields,
    second_roster,
    signed_roster,
    wire,
)

ME = "ann"
Chain = Callable[[], Sequence[Statement]]


def refused(
    chain: Sequence[Statement], brought: Sequence[Statement] | None = None, **changes: object
) -> str:
    identities = identities_of(*chain) if brought is None else brought
    arguments = {
        "account": ACCOUNT,
        "me": somebody(ME).identity.public,
        "remembered": None,
        **changes,
    }
    with pytest.raises(ClientRefusal) as caught:
        verify_chain(
            [wire(version) for version in chain],
            [wire(identity) for identity in identities],
            **arguments,  # type: ignore[arg-type]
        )
    return caught.value.code


def test_the_honest_chain_is_believed() -> None:
    chain = [first_roster(), second_roster(name="payments eu")]
    verified = verify_chain(
        [wire(v) for v in chain],
        brought(*chain),
        account=ACCOUNT,
        me=somebody(ME).identity.public,
        remembered=(1, first_roster().digest),
    )
    assert verified.newest.name == "payments eu"
    assert verified.name_of(somebody("bob").id) == "bob"


def made_up() -> Sequence[Statement]:
    """The server's own people under the real names, self-consistent and fully signed."""
    fakes = {name: Identity.generate() for name in EVERYBODY}
    return [signed_roster(roster_fields(keys=fakes), list(fakes.values()))]


def my_keys_replaced() -> Sequence[Statement]:
    """A change that only the service has signed, with a key of its own in my place."""
    mine = Identity.generate()
    fields = roster_fields(
        version=2, previous=first_roster().digest, cause="change", keys={ME: mine}
    )
    return [first_roster(), signed_roster(fields, [mine])]


def unsigned_change() -> Sequence[Statement]:
    fields = roster_fields(
        version=2, previous=first_roster().digest, cause="change", thresholds=(1, 1)
    )
    return [first_roster(), signed_roster(fields, keys_of("ann", "dea"))]


def one_group_only() -> Sequence[Statement]:
    fields = roster_fields(version=2, previous=first_roster().digest, cause="change")
    return [first_roster(), signed_roster(fields, keys_of(*PASSWORD))]


def newcomer_without_consent() -> Sequence[Statement]:
    fields = roster_fields(
        version=2, previous=first_roster().digest, cause="change", mfa=("dea", "eli", "nell")
    )
    return [first_roster(), signed_roster(fields, keys_of("ann", "bob", "dea"))]


def a_version_left_out() -> Sequence[Statement]:
    second = second_roster()
    fields = roster_fields(version=3, previous=second.digest, cause="change")
    return [first_roster(), signed_roster(fields, keys_of("ann", "bob", "dea"))]


def the_first_left_out() -> Sequence[Statement]:
    return [second_roster()]


def both_groups() -> Sequence[Statement]:
    fields = roster_fields(mfa=("ann", "dea"), password=("ann", "bob"))
    return [signed_roster(fields, keys_of("ann", "bob", "dea", "gus", "sam"))]


def signed_by_a_stranger() -> Sequence[Statement]:
    return [signed_roster(roster_fields(), keys_of(*EVERYBODY, "mallory"))]


def another_kind() -> Sequence[Statement]:
    return [honest.first_envelope().statement]


LIES: Sequence[tuple[Chain, str]] = (
    (list, "roster-chain"),
    (made_up, "roster-not-mine"),
    (my_keys_replaced, "roster-chain"),
    (unsigned_change, "roster-chain"),
    (one_group_only, "roster-chain"),
    (newcomer_without_consent, "roster-chain"),
    (a_version_left_out, "roster-chain"),
    (the_first_left_out, "roster-chain"),
    (both_groups, "roster-chain"),
    (signed_by_a_stranger, "roster-forged"),
    (another_kind, "malformed-statement"),
)


@pytest.mark.parametrize(("lie", "code"), LIES, ids=[lie.__name__ for lie, _ in LIES])
def test_a_lie_about_the_roster_is_refused(lie: Chain, code: str) -> None:
    assert refused(lie()) == code


def test_an_identity_that_is_not_brought_is_refused() -> None:
    people = identities_of(first_roster())
    assert refused([first_roster()], people[1:]) == "identity-missing"
    assert refused([first_roster()], []) == "identity-missing"


def test_an_identity_of_someone_else_is_no_identity_of_the_person() -> None:
    fields = roster_fields()
    lines = {line["name"]: line for line in fields["people"]}
    lines["ann"]["identity"], lines["bob"]["identity"] = (
        lines["bob"]["identity"],
        lines["ann"]["identity"],
    )
    assert refused([signed_roster(fields, keys_of(*EVERYBODY))]) == "identity-missing"


def test_an_identity_counts_only_with_its_own_signature() -> None:
    ann = identity_statement("ann")
    others = [one for one in identities_of(first_roster()) if one.digest != ann.digest]
    forged = replace(ann, signatures=identity_statement("bob").signatures)
    assert forged.digest == ann.digest
    assert refused([first_roster()], [*others, forged]) == "identity-forged"
    by_bob = sign_body("identity", ann.body, somebody("bob").identity)
    assert refused([first_roster()], [*others, by_bob]) == "identity-forged"
    assert refused([first_roster()], [*others, first_roster()]) == "identity-forged"


def test_an_unknown_suite_wants_a_newer_release() -> None:
    later = {"suite": "bg9"}
    body = canonical({**first_roster().payload, **later})
    unknown = replace(first_roster(), body=body)
    assert refused([unknown]) == "unknown-suite"
    identity = identity_statement("ann")
    newer = replace(identity, body=canonical({**identity.payload, **later}))
    assert refused([first_roster()], [newer]) == "unknown-suite"


def test_a_flipped_bit_in_a_signature_is_refused() -> None:
    first = first_roster()
    bad = bytearray(first.signatures[0].sig)
    bad[40] ^= 1
    forged = Statement(
        kind=first.kind,
        payload=first.payload,
        body=first.body,
        signatures=(
            Signature(keyid=first.signatures[0].keyid, sig=bytes(bad)),
            *first.signatures[1:],
        ),
    )
    assert refused([forged]) == "roster-forged"


def test_another_accounts_chain_is_refused() -> None:
    assert refused([first_roster()], account="999999999999") == "roster-chain"


def test_an_older_version_than_remembered_is_refused() -> None:
    second = second_roster()
    assert refused([first_roster()], remembered=(2, second.digest)) == "roster-rewound"


def test_a_chain_that_does_not_pass_through_what_was_remembered_is_refused() -> None:
    other = second_roster(name="another branch")
    chain = [first_roster(), second_roster()]
    assert refused(chain, remembered=(2, other.digest)) == "roster-rewound"


def test_a_person_about_to_sign_their_first_roster_is_not_asked_for_an_earlier_one() -> None:
    newcomer = somebody("nell").identity.public
    assert refused([first_roster()], me=newcomer) == "roster-not-mine"
    verified = verify_chain(
        [wire(first_roster())],
        brought(first_roster()),
        account=ACCOUNT,
        me=newcomer,
        remembered=None,
        first=True,
    )
    assert verified.newest.version == 1


def test_my_own_keys_are_compared_with_the_roster() -> None:
    chain = verify_chain(
        [wire(first_roster())], brought(first_roster()), account=ACCOUNT, me=None, remembered=None
    )
    mine = somebody(ME).identity.public
    assert check_my_keys(chain.newest, somebody(ME).id, mine).name == ME
    with pytest.raises(ClientRefusal) as other:
        check_my_keys(chain.newest, somebody(ME).id, somebody("bob").identity.public)
    assert other.value.code == "keys-replaced"
    with pytest.raises(ClientRefusal) as stranger:
        check_my_keys(chain.newest, somebody("nell").id, somebody("nell").identity.public)
    assert stranger.value.code == "not-in-roster"
