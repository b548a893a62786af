"""Passkeys that are not taken, and attestations that are not looked at."""

from collections.abc import Callable
from typing import Any

import cbor2
import pytest

from crypto.encoding import b64encode
from crypto.errors import MalformedError, VerificationError
from service.domain import errors
from service.storage.database import Database
from service.usecases import ceremonies, slots
from service.usecases.context import Context
from service.wire.people import SlotChange
from tests.fakes.authenticator import PRESENT
from tests.usecases.people import acts
from tests.usecases.people.acts import Someone
from tests.usecases.people.passkeys import Making

BAD = errors.BadPasskeyError


CERTIFIED = {"alg": -7, "sig": b"x", "x5c": [b"certificate"]}


OFF_CURVE = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: bytes(32), -3: b"\1" * 32})


RSA_OF_8192 = cbor2.dumps({1: 3, 3: -257, -1: b"\xff" * 1024, -2: b"\1\0\1"})


SHA_1 = cbor2.dumps({1: 3, 3: -65535, -1: b"\xff" * 256, -2: b"\1\0\1"})


CASES: list[tuple[str, Callable[[Making], SlotChange], type[Exception]]] = [
    ("no verified user", lambda m: m.answer(flags=PRESENT), BAD),
    ("nobody there", lambda m: m.answer(flags=0x04), BAD),
    ("another site", lambda m: m.answer(origin="https://evil.example"), BAD),
    ("our host on another port", lambda m: m.answer(origin="http://localhost:8421"), BAD),
    ("another RP id", lambda m: m.answer(rp_id="evil.example"), BAD),
    ("inside another site's frame", lambda m: m.answer(cross_origin=True), BAD),
    ("an answer to being used", lambda m: m.answer(type="webauthn.get"), BAD),
    ("a made-up challenge", lambda m: m.answer(challenge=bytes(56)), BAD),
    ("an empty challenge", lambda m: m.answer(challenge=b""), BAD),
    ("a challenge of another session", Making.other_session, BAD),
    ("a challenge of a link", Making.of_a_link, BAD),
    ("another credential in the data", lambda m: m.answer(credential=b"another"), BAD),
    ("another credential signed", lambda m: m.statement(credential="QUJD"), BAD),
    ("an unknown attestation", lambda m: m.answer(format="fido-u2f"), BAD),
    (
        "an attestation with certificates",
        lambda m: m.answer(format="packed", statement=CERTIFIED),
        BAD,
    ),
    ("a key that is no CBOR", lambda m: m.answer(public_key=b"\xff"), BAD),
    ("a key without fields", lambda m: m.answer(public_key=cbor2.dumps({})), BAD),
    ("a key off its curve", lambda m: m.answer(public_key=OFF_CURVE), BAD),
    ("a key that takes long", lambda m: m.answer(public_key=RSA_OF_8192), BAD),
    ("a key for SHA-1", lambda m: m.answer(public_key=SHA_1), BAD),
    ("a credential in use", Making.known_credential, errors.TakenError),
    ("a slot's id in use", Making.known_slot, errors.ReplayedError),
    ("signed by another", Making.signed_by_another, VerificationError),
    ("no answer", lambda m: m.parts(attestation=None), MalformedError),
    ("another wrapped root", lambda m: m.parts(wrapped_root="QUJD"), errors.WrongBlobError),
    ("no wrapped root", lambda m: m.parts(wrapped_root=""), errors.WrongBlobError),
    ("a salt", lambda m: m.parts(salt=b64encode(bytes(16))), MalformedError),
    ("iterations", lambda m: m.parts(iterations=600_000), MalformedError),
    ("a sign-in key", lambda m: m.parts(sign_in_digest="0" * 64), MalformedError),
    ("a root that is not needed", lambda m: m.only(wrapped_root="QUJD"), MalformedError),
    ("a replacement", lambda m: m.statement(action="replace"), errors.SlotKindError),
    ("a phrase with an answer", Making.phrase_with_answer, MalformedError),
    ("a removal with an answer", Making.removal_with_answer, MalformedError),
]


@pytest.mark.act("slot.change")
@pytest.mark.parametrize(("spoil", "refusal"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_is_no_good_passkey_leaves_nothing(
    ctx: Context,
    ann: Someone,
    database: Database,
    spoil: Callable[[Making], SlotChange],
    refusal: type[Exception],
) -> None:
    making = Making(ctx, ann)
    body = spoil(making)
    before = acts.rows(database)
    with pytest.raises(refusal):
        slots.change(ctx, making.me, body)
    assert acts.rows(database) == before


def test_a_passkey_that_vouches_for_itself_is_taken(ctx: Context, ann: Someone) -> None:
    making = Making(ctx, ann)
    assert slots.change(ctx, making.me, making.answer(format="packed")).state == "added"
    with pytest.raises(errors.BadPasskeyError):
        slots.change(ctx, making.me, making.answer(format="packed", statement={"sig": b"x"}))


FORMATS = ("fido-u2f", "tpm", "apple", "android-key", "android-safetynet", "of-tomorrow")


@pytest.mark.parametrize(
    "wrong", [{"format": "packed", "statement": CERTIFIED}, *[{"format": f} for f in FORMATS]]
)
def test_certificates_are_not_even_looked_at(
    ctx: Context, ann: Someone, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    def verify(**_: Any) -> None:
        pytest.fail("it was handed on to be verified")

    monkeypatch.setattr(ceremonies, "verify_registration_response", verify)
    making = Making(ctx, ann)
    with pytest.raises(errors.BadPasskeyError):
        slots.change(ctx, making.me, making.answer(**wrong))
