"""What a consent says of a chain, an envelope and a request follows from what was verified."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.client.foundation.words.consents import Context
from service.client.trust import contexts
from service.client.trust.chain import VerifiedChain, verify_chain
from service.client.trust.contexts import Reader
from service.domain.people import GroupName
from tests.cast import ACCOUNT, identity_of, somebody
from tests.client.honest import brought, first_roster, second_roster, wire
from tests.client.released import world
from tests.client.trust.releases import believed

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def chain() -> VerifiedChain:
    """Two versions: everyone has signed the first, ann, bob and dea the second."""
    versions = (first_roster(), second_roster("Payments EU"))
    return verify_chain(
        [wire(one) for one in versions],
        brought(*versions),
        account=ACCOUNT,
        me=None,
        remembered=None,
    )


def keyid(name: str) -> str:
    return identity_of(name).public.keyid


@pytest.mark.parametrize(
    ("keys", "anchor"),
    [(keyid("ann"), 2), (keyid("cem"), 1), (keyid("eve"), 0), ("", 0)],
    ids=["newest", "older", "none", "unknown"],
)
def test_the_anchor_is_the_newest_version_that_these_keys_signed(keys: str, anchor: int) -> None:
    known, reader = chain(), Reader(keyid=keys, now=NOW)
    found = contexts.of_account(known, known.newest, reader)
    days = ("", *(statement.payload["at"][:10] for statement in known.statements))
    assert (found.anchor, found.day) == (anchor, days[anchor])
    assert (found.account, found.called, found.roster) == (ACCOUNT, "Payments EU", 2)
    assert found.names[somebody("gus").id] == "gus"
    assert (found.now, found.source) == ("2026-11-23T12:00:00Z", "the service")


def test_an_act_that_counts_by_an_older_version_says_that_one() -> None:
    known = chain()
    found = contexts.of_account(known, known.rosters[0], Reader(keyid=keyid("ann"), now=NOW))
    assert (found.called, found.roster, found.anchor) == ("payments", 1, 2)


def ids(names: Sequence[str]) -> list[str]:
    return [somebody(name).id for name in names]


def of_release(**changes: object) -> Context:
    told = believed(world().released)
    context = contexts.of_account(
        told.chain, told.about.roster, Reader(keyid=keyid("gus"), now=NOW)
    )
    context = contexts.with_envelope(context, told.chain, told.envelope, "ready")
    given = {"entered": True, "decisions": told.decisions, "me": somebody("ann").id} | changes
    return contexts.with_request(context, told.about, **given)  # type: ignore[arg-type]


def test_a_request_is_said_as_it_was_signed_and_who_approved_it_as_they_signed() -> None:
    found = of_release()
    assert found.request == world().request.payload
    assert (found.approved, found.withdraws) == (ids(["ann", "bob", "dea"]), True)
    assert found.entered != ""
    assert found.envelope["sealer"] == somebody("sam").id
    assert (found.envelope["version"], found.envelope["roster"]) == (1, 1)
    assert (found.envelope["state"], found.envelope["foreign"]) == ("ready", False)


def test_an_entry_that_nothing_proves_has_no_time() -> None:
    assert of_release(entered=False).entered == ""


def test_who_denied_after_approving_does_not_approve_and_withdraws_nothing() -> None:
    told = believed(world().released)
    [first, *others] = told.decisions
    later = first.at + timedelta(minutes=1)
    denial = replace(first, approves=False, seq=first.seq + 100, at=later)
    found = of_release(decisions=(first, *others, denial), me=first.custodian)
    assert first.custodian not in found.approved
    assert (len(found.approved), found.withdraws) == (len(others), False)


def test_who_is_asked_holds_a_share_and_has_the_keys_to_open_it() -> None:
    told = believed(world().released)
    context = contexts.of_account(
        told.chain, told.about.roster, Reader(keyid=keyid("gus"), now=NOW)
    )
    found = contexts.with_asked(context, told.chain, told.envelope)
    groups = {name: told.chain.newest.groups[GroupName(name)] for name in found.groups}
    assert {name: said["needed"] for name, said in found.groups.items()} == {
        "password": 2,
        "mfa": 1,
    }
    for name, said in found.groups.items():
        assert said["people"] == list(groups[name].custodians)


def test_who_has_other_keys_by_now_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = somebody("bob").id
    monkeypatch.setattr(contexts, "new_keys", lambda _: frozenset({gone}))
    told = believed(world().released)
    context = contexts.of_account(
        told.chain, told.about.roster, Reader(keyid=keyid("gus"), now=NOW)
    )
    found = contexts.with_asked(context, told.chain, told.envelope)
    assert gone not in found.groups["password"]["people"]
    assert len(found.groups["password"]["people"]) == 2


def test_groups_are_those_of_the_roster_in_its_order() -> None:
    known = chain()
    context = contexts.of_account(known, known.newest, Reader(keyid="", now=NOW))
    found = contexts.with_groups(context, known.newest)
    assert found.groups["mfa"] == {"needed": 1, "people": ids(["dea", "eli"])}
