"""What is handed out: every lie of ``tests.client.trust``, and what shares open."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crypto.derived import OpeningKey, derive
from crypto.encoding import b64encode, format_time
from crypto.envelope import DRILL_PLAINTEXT_LENGTH, DRILL_RESEAL_LENGTH, drill_info
from crypto.randomness import random_bytes
from crypto.recipient import RecipientKey
from crypto.seal import seal
from crypto.secret import SecretBytes
from service.wire.requests import Released
from tests.cast import somebody
from tests.client import honest
from tests.client.honest import CONTENT
from tests.client.released import World, build_world, world
from tests.client.shares import test_combining
from tests.client.trust import test_lies_receipt as of_receipt
from tests.client.trust import test_lies_release as table
from tests.client.trust import test_release as of_release
from tests.client.trust.releases import believed as believed_by_client
from tests.client.trust.releases import changed
from tests.js.lies.case import Case

ALL = test_combining.ALL


def given(about: World, told: Released | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "released": told or about.released,
        "mine": about.request,
        "recipientKey": about.recipient.public,
        "me": somebody("gus").identity.public.keyid,
        **changes,
    }


def ids(*names: str) -> list[str]:
    return [somebody(name).id for name in names]


def believed(about: World, *names: str, late: Sequence[str] = ()) -> Any:
    """Whose shares come, in which order, and which of them were counted."""
    counted = [name for name in names if name not in late]
    window = timedelta(seconds=about.request.payload["window"])
    last = timedelta(minutes=about.released.release.leaf)
    return {
        "shares": ids(*names),
        "counted": sorted(ids(*counted)),
        "ends": format_time(honest.START + last + window),
    }


def cases() -> list[Case]:
    return [*handed_out(), *odd_ones(), *receipts(), *opened(), *drills()]


def handed_out() -> list[Case]:
    about = world()
    told = about.released
    same = [entry.model_copy(update={"at": told.request.at}) for entry in told.decisions]
    shuffled = changed(told, decisions=same[::-1], resealed_shares=told.resealed_shares[::-1])
    honest_one = believed(about, "ann", "bob", "dea")
    key = RecipientKey.generate().public
    return [
        *(
            Case(lie.__name__, "verifyRelease", given(about, lie(about)), code)
            for lie, code in table.LIES
        ),
        Case("an honest release", "verifyRelease", given(about), says=honest_one),
        Case("in another order", "verifyRelease", given(about, shuffled), says=honest_one),
        Case("another key", "verifyRelease", given(about, recipientKey=key), "not-my-request"),
        late_approval(),
    ]


def late_approval() -> Case:
    about = build_world(approvers=("ann", "bob", "dea", "eli"))
    leaf = about.released.leaf - 1
    decisions = about.released.decisions
    told = changed(
        about.released,
        leaf=leaf,
        release=about.released.release.model_copy(update={"leaf": leaf}),
        decisions=[*decisions[:3], decisions[3].model_copy(update={"leaf": leaf + 1})],
    )
    says = believed(about, "ann", "bob", "dea", "eli", late=["eli"])
    return Case("an approval after the release", "verifyRelease", given(about, told), says=says)


def odd_ones() -> list[Case]:
    """The lies that are told in tests of their own, taken from there as they are told."""
    newcomer = heard(of_release.test_a_newcomer_who_holds_no_share_of_the_envelope_delivers_none)
    drill = heard(of_release.test_a_real_share_never_passes_for_a_drill)
    names = ("a newcomer's share", "without it", "an honest drill", "a real share in a drill")
    codes = ("foreign-share", "", "", "foreign-share")
    told = [*newcomer, *drill]
    return [
        Case(name, "verifyRelease", given(about, released), code)
        for name, code, (released, about) in zip(names, codes, told, strict=True)
    ]


def heard(test: Any) -> list[tuple[Released, World]]:
    """What a test gives to ``believed``, in its order; the test itself still has to pass."""
    calls = []
    true = believed_by_client

    def listening(told: Released, about: World | None = None) -> Any:
        calls.append((told, about or world()))
        return true(told, about)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(of_release, "believed", listening)
        test()
    return calls


def receipts() -> list[Case]:
    about = world()
    [marks] = [
        mark
        for mark in of_receipt.test_a_wrong_receipt_is_refused.pytestmark  # type: ignore[attr-defined]
        if mark.name == "parametrize"
    ]
    told: list[tuple[str, tuple[str, bytes], str]] = [
        (lie.__name__, lie(about), code) for lie, code in marks.args[1]
    ]
    told.append(("an honest receipt", (about.released.receipt, about.log.leaves[-1]), ""))
    vkey = about.log.signer.verifier.vkey
    return [
        Case(
            name,
            "verifyLogReceipt",
            given(about, receipt=receipt, leaf=leaf, vkey=vkey),
            code,
        )
        for name, (receipt, leaf), code in told
    ]


def with_share(about: World, name: str, blob: bytes) -> Released:
    """The custodian signed for this blob, so that nobody sees from outside that it is wrong."""
    decision = honest.decision_by(name, about.request, blob)
    place = [d.custodian for d in about.released.resealed_shares].index(somebody(name).id)
    decisions, shares = list(about.released.decisions), list(about.released.resealed_shares)
    decisions[place] = honest.entered(decision, decisions[place].leaf, 2)
    shares[place] = shares[place].model_copy(
        update={"decision": decision.digest, "resealed_share": b64encode(blob)}
    )
    return changed(about.released, decisions=decisions, resealed_shares=shares)


def reveals(used: Sequence[str], bad: Sequence[str] = (), *, fit: bool = True) -> Any:
    """What a release opens to, with whose shares, and whose were wrong."""
    content = {
        "password": CONTENT.password,
        "signInEmail": CONTENT.sign_in_email,
        "note": CONTENT.note,
    }
    return {"content": content, "keysFit": fit, "used": ids(*used), "bad": ids(*bad)}


def opened() -> list[Case]:
    about, few = build_world(approvers=ALL), build_world()
    another = test_combining.another_mnemonic

    def case(
        name: str, told: dict[str, Any], code: str = "", says: Any = None, **more: Any
    ) -> Case:
        key = about if told["mine"] is about.request else few
        private = {"private": key.recipient.private.reveal()}
        return Case(name, "openRelease", private | told | more, code, says)

    crooked = of_a_crooked_sealer()
    stolen = with_share(about, "ann", another(about, "ann", "bob"))
    altered = with_share(about, "ann", test_combining.altered_mnemonic(about, "ann"))
    noise = with_share(about, "ann", random_bytes(len(about.blobs["ann"])))
    wrong = with_share(few, "bob", another(few, "bob", "cem"))
    key = RecipientKey.generate().private.reveal()
    return [
        case("as many as needed", given(about), says=reveals(("ann", "bob", "dea"))),
        case("another's share", given(about, stolen), says=reveals(("bob", "cem", "dea"), ["ann"])),
        case("another value", given(about, altered), says=reveals(("bob", "cem", "dea"), ["ann"])),
        case("noise", given(about, noise), says=reveals(("bob", "cem", "dea"), ["ann"])),
        case(
            "sealed under other keys than the manifest states",
            given(crooked),
            says=reveals(("ann", "bob", "dea"), fit=False),
            private=crooked.recipient.private.reveal(),
        ),
        case("too few good ones", given(few, wrong), "not-enough-shares"),
        case("another key opens nothing", given(few), "not-enough-shares", private=key),
        case("other content", given(few), "does-not-open", content=random_bytes(540)),
    ]


def of_a_crooked_sealer() -> World:
    """Their manifest states another opening key than the secret gives; it opens all the same."""
    other = OpeningKey(SecretBytes(bytes(32)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crypto.opening.derive", lambda key: replace(derive(key), opening=other))
        sealed = honest.seal_for(honest.first_roster())
        for module in ("honest", "released"):
            patch.setattr(f"tests.client.{module}.first_envelope", lambda: sealed)
        return build_world()


def drills() -> list[Case]:
    about, other = (build_world(drill=True, approvers=ALL) for _ in range(2))
    elsewhere = honest.resealed(
        "ann", other.request, honest.first_envelope(), about.recipient.public
    )
    place = (about.request.digest, honest.first_envelope().context, "password", somebody("ann").id)
    lie = seal(about.recipient.public, drill_info(*place), random_bytes(DRILL_PLAINTEXT_LENGTH))
    noise = random_bytes(DRILL_RESEAL_LENGTH)
    real = replace(world())
    told: Sequence[tuple[str, World, Released | None, str, list[str] | None]] = (
        ("all is well", about, None, "", []),
        ("noise of one", about, with_share(about, "cem", noise), "", ids("cem")),
        ("a reseal for another drill", about, with_share(about, "ann", elsewhere), "", ids("ann")),
        ("something else inside", about, with_share(about, "ann", lie), "", ids("ann")),
        ("no drill at all", real, None, "no-drill", None),
    )
    return [
        Case(
            f"drill: {name}",
            "checkDrill",
            {"private": held.recipient.private.reveal(), **given(held, released)},
            code,
            says,
        )
        for name, held, released, code, says in told
    ]
