import pytest

from crypto import envelope
from crypto.encoding import lp, sha256
from crypto.errors import MalformedError, VerificationError
from crypto.wordlist import WORDS
from tests.cast import uuid_of
from tests.unit.crypto.conftest import survivors
from tests.vectors.bodies import example
from tests.vectors.examples import digest_of

CONTEXT = sha256(b"context")
ANN, BOB = uuid_of("ann"), uuid_of("bob")
REQUEST = digest_of("request")


@pytest.mark.parametrize("name", ["shares", "content_digest"])
def test_the_context_does_not_depend_on_what_is_made_from_it(name: str) -> None:
    manifest = example("manifest")
    before = envelope.context(manifest)
    assert envelope.context({**manifest, name: "anything"}) == before
    del manifest[name]
    assert envelope.context(manifest) == before


@pytest.mark.parametrize(
    "name",
    sorted(example("manifest").keys() - {"shares", "content_digest"}),
)
def test_the_context_depends_on_everything_else(name: str) -> None:
    manifest = example("manifest")
    assert envelope.context({**manifest, name: "other"}) != envelope.context(manifest)


def test_no_two_purposes_groups_or_people_share_an_info() -> None:
    infos = [
        info
        for group in ("password", "mfa")
        for person in (ANN, BOB)
        for info in (
            envelope.custody_info(CONTEXT, group, person),
            envelope.release_info(REQUEST, CONTEXT, group, person),
            envelope.release_info(digest_of("other"), CONTEXT, group, person),
            envelope.drill_info(REQUEST, CONTEXT, group, person),
            envelope.drill_info(digest_of("other"), CONTEXT, group, person),
            envelope.custody_info(sha256(b"other"), group, person),
        )
    ]
    assert len(set(infos)) == len(infos) == 24


def test_infos_are_framed_as_the_protocol_says() -> None:
    digest = bytes.fromhex(REQUEST)
    assert envelope.custody_info(CONTEXT, "mfa", ANN) == lp("bg1 custody", CONTEXT, "mfa", ANN)
    assert envelope.release_info(REQUEST, CONTEXT, "mfa", ANN) == lp(
        "bg1 release", digest, CONTEXT, "mfa", ANN
    )
    assert envelope.drill_info(REQUEST, CONTEXT, "mfa", ANN) == lp(
        "bg1 drill", digest, CONTEXT, "mfa", ANN
    )


@pytest.mark.parametrize("digest", ["", "a" * 63, "A" * 64])
def test_an_info_needs_a_whole_digest(digest: str) -> None:
    for info in (envelope.release_info, envelope.drill_info):
        with pytest.raises(MalformedError):
            info(digest, CONTEXT, "mfa", ANN)
    with pytest.raises(MalformedError):
        envelope.drill_plaintext(digest)


def test_a_commitment_fits_one_share_of_one_person_in_one_group() -> None:
    published = envelope.commitment(CONTEXT, "password", ANN, "some words")
    place = {"context": CONTEXT, "group": "password", "person": ANN, "mnemonic": "some words"}
    envelope.check_commitment(published, **place)  # type: ignore[arg-type]
    for change in (
        {"context": sha256(b"x")},
        {"group": "mfa"},
        {"person": BOB},
        {"mnemonic": "some word"},
    ):
        with pytest.raises(VerificationError):
            envelope.check_commitment(published, **{**place, **change})  # type: ignore[arg-type]


@pytest.mark.parametrize("published", ["", "a" * 64, "\u00e9" * 64])
def test_no_share_matches_a_made_up_commitment(published: str) -> None:
    with pytest.raises(VerificationError):
        envelope.check_commitment(
            published, context=CONTEXT, group="mfa", person=ANN, mnemonic="some words"
        )


def test_a_drill_s_plaintext_is_85_bytes_and_never_the_same() -> None:
    left, right = (envelope.drill_plaintext(REQUEST) for _ in range(2))
    assert left != right
    assert len(left) == envelope.DRILL_PLAINTEXT_LENGTH == 85
    assert left == lp("bg1 drill", bytes.fromhex(REQUEST), left[-32:])
    envelope.check_drill_plaintext(left, REQUEST)


def test_what_is_not_this_drill_s_is_refused() -> None:
    good = envelope.drill_plaintext(REQUEST)
    for survivor in survivors(good, lambda data: envelope.check_drill_plaintext(data, REQUEST)):
        assert survivor[:-32] == good[:-32]
        assert len(survivor) == 85
    with pytest.raises(VerificationError):
        envelope.check_drill_plaintext(good, digest_of("another request"))
    with pytest.raises(VerificationError):
        envelope.check_drill_plaintext(" ".join(33 * ["acid"]).encode(), REQUEST)


def test_no_share_is_as_short_as_a_drill() -> None:
    shortest, longest = min(WORDS, key=len), max(WORDS, key=len)
    assert len(" ".join(33 * [shortest])) + 48 == envelope.RESEAL_MIN_LENGTH == 212
    assert len(" ".join(33 * [longest])) + 48 == envelope.RESEAL_MAX_LENGTH == 344
    assert envelope.DRILL_RESEAL_LENGTH == 133


@pytest.mark.parametrize(
    ("length", "drill"),
    [(211, False), (345, False), (133, False), (0, False), (132, True), (134, True), (212, True)],
)
def test_a_reseal_of_another_length_is_refused(length: int, drill: bool) -> None:
    with pytest.raises(MalformedError):
        envelope.check_reseal_length(length, drill=drill)


def test_a_reseal_of_the_right_length_is_accepted() -> None:
    for length in (212, 344):
        envelope.check_reseal_length(length, drill=False)
        envelope.check_sealed_share_length(length)
    envelope.check_reseal_length(133, drill=True)


@pytest.mark.parametrize("length", [0, 28, 512, 539, 541, 28 + 18 * 512, -484])
def test_a_content_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(MalformedError):
        envelope.check_content_length(length)


@pytest.mark.parametrize("blocks", [1, 17])
def test_a_content_of_whole_blocks_is_accepted(blocks: int) -> None:
    envelope.check_content_length(28 + 512 * blocks)
