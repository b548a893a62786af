"""Drafts, signatures on them and bundles: what no one signed must fit what people signed."""

import dataclasses
from collections.abc import Callable

import pytest

from crypto import statement as statements
from crypto.leaf import Leaf
from service.client.foundation.errors import ClientRefusal
from tests.cast import ACCOUNT, REQUESTER, STRANGER, somebody
from tests.client.audit.exports import Rewrite, encoded, leaves, place, replayed
from tests.client.audit.rewrites import again, saying


def draft() -> int:
    return place("roster:drafted")


def accepted() -> int:
    return place("roster:accepted")


def other_last_signer(written: list[Leaf]) -> list[Leaf]:
    """Someone who has enrolled, and whose signature the roster does not bear, completes it."""
    roster = statements.parse(written[accepted()].statement)
    gus = somebody(STRANGER)
    assert gus.identity.public.keyid not in {one.keyid for one in roster.signatures}
    written = saying(accepted() - 1, signer=gus.identity.public.keyid)(written)
    for index in (accepted() - 1, accepted()):
        written[index] = dataclasses.replace(written[index], actor=gus.id)
    return written


def bundle_for(name: str) -> Rewrite:
    """Someone takes a bundle after everything else."""

    def rewrite(written: list[Leaf]) -> list[Leaf]:
        newest = [leaf for leaf in written if leaf.action == "roster:accepted"][-1]
        bundle = dataclasses.replace(
            written[-1],
            action="bundle:fetched",
            actor=somebody(name).id,
            subject=ACCOUNT,
            request="",
            statement=b"",
            details={"roster": newest.details["roster"]},
        )
        return [*written, bundle]

    return rewrite


def other_draft(written: list[Leaf]) -> list[Leaf]:
    """Another roster was drafted and signed than the one that is accepted."""
    for index in range(draft(), accepted()):
        if written[index].action.startswith("roster:"):
            written = saying(index, roster="0" * 64)(written)
    return written


REWRITES: list[tuple[str, Callable[[], Rewrite], str, str]] = [
    ("completed by a signature that it lacks", lambda: other_last_signer, "wrong-actor", "bear"),
    ("another one was drafted", lambda: other_draft, "uncaused", "completes this roster"),
    (
        "signed again after it was accepted",
        lambda: again(accepted() - 1, accepted() + 1),
        "uncaused",
        "no roster was drafted",
    ),
    (
        "a bundle for someone whom the roster does not name",
        lambda: bundle_for(STRANGER),
        "wrong-actor",
        "not in the account's roster",
    ),
]


@pytest.mark.parametrize(
    ("rewrite", "code", "why"), [r[1:] for r in REWRITES], ids=[r[0] for r in REWRITES]
)
def test_what_nobody_signed_must_fit_what_people_signed(
    rewrite: Callable[[], Rewrite], code: str, why: str
) -> None:
    with pytest.raises(ClientRefusal) as caught:
        replayed(encoded(rewrite()(leaves())))
    assert (caught.value.code, why in caught.value.message) == (code, True), caught.value


def test_whoever_the_roster_names_may_take_a_bundle() -> None:
    replayed(encoded(bundle_for(REQUESTER)(leaves())))
