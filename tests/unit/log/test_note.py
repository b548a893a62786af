"""Signed notes: what opens, what is ignored, what is refused."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crypto.encoding import b64encode
from crypto.errors import CryptoError, MalformedError, VerificationError
from crypto.note import NoteSigner, NoteVerifier, open_note
from crypto.secret import SecretBytes

SIGNER = NoteSigner("log.example/one", SecretBytes(bytes(range(32))))
OTHER = NoteSigner("witness.example", SecretBytes(bytes(32)))
TEXT = "first\n\nafter a blank line\n"
DASH = "\u2014"

# The key and note of the documentation of Go's golang.org/x/mod/sumdb/note.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_NOTE = (
    f"{GO_TEXT}\n{DASH} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSN"
    "XgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def line(signer: NoteSigner, text: str = TEXT) -> str:
    return signer.sign(text).removeprefix(text + "\n")


def test_a_note_opens_with_its_key() -> None:
    assert open_note(SIGNER.sign(TEXT), SIGNER.verifier) == TEXT


def test_a_note_of_go_s_documentation_opens() -> None:
    verifier = NoteVerifier.from_vkey(GO_VKEY)
    assert open_note(GO_NOTE, verifier) == GO_TEXT
    assert verifier.vkey == GO_VKEY


def test_signatures_by_unknown_keys_are_ignored() -> None:
    note = SIGNER.sign(TEXT) + line(OTHER)
    assert open_note(note, SIGNER.verifier) == TEXT
    assert open_note(note, OTHER.verifier) == TEXT
    assert open_note(note, SIGNER.verifier, OTHER.verifier) == TEXT


def test_a_key_of_which_only_the_name_or_only_the_id_is_known_is_unknown() -> None:
    same_name = NoteSigner(SIGNER.verifier.name, SecretBytes(bytes(32)))
    same_id = f"{DASH} elsewhere {b64encode(SIGNER.verifier.key_id + bytes(64))}\n"
    assert open_note(SIGNER.sign(TEXT) + line(same_name) + same_id, SIGNER.verifier) == TEXT
    with pytest.raises(VerificationError, match="no known key"):
        open_note(f"{TEXT}\n{line(same_name)}{same_id}", SIGNER.verifier)


def test_a_bad_signature_by_a_known_key_refuses_the_note_despite_a_good_one() -> None:
    bad = line(OTHER, "another text\n")
    for note in (SIGNER.sign(TEXT) + bad, f"{TEXT}\n{bad}{line(SIGNER)}"):
        assert open_note(note, SIGNER.verifier) == TEXT
        with pytest.raises(VerificationError):
            open_note(note, SIGNER.verifier, OTHER.verifier)


def test_a_second_signature_by_the_same_key_must_be_good_too() -> None:
    with pytest.raises(VerificationError):
        open_note(SIGNER.sign(TEXT) + line(SIGNER, "another text\n"), SIGNER.verifier)


def test_sixteen_signatures_are_accepted_and_a_hundred_and_one_refused() -> None:
    one = f"{DASH} unknown {b64encode(bytes(68))}\n"
    assert open_note(SIGNER.sign(TEXT) + one * 16, SIGNER.verifier) == TEXT
    assert open_note(SIGNER.sign(TEXT) + one * 99, SIGNER.verifier) == TEXT
    with pytest.raises(MalformedError, match="100"):
        open_note(SIGNER.sign(TEXT) + one * 100, SIGNER.verifier)


def test_a_note_without_known_keys_never_opens() -> None:
    with pytest.raises(VerificationError, match="no known key"):
        open_note(SIGNER.sign(TEXT))


GOOD = line(SIGNER)
NAME, ENCODED = GOOD.removesuffix("\n").removeprefix(f"{DASH} ").split(" ")


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "\n\n",
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}{GOOD}",
        f"{TEXT}\n{GOOD.removesuffix(chr(10))}",
        f"{TEXT}\n{GOOD}\n",
        f"{TEXT}\n{GOOD}trailing",
        f"{TEXT}\n{GOOD}trailing\n",
        f"{TEXT}\n- {NAME} {ENCODED}\n",
        f"{TEXT}\n{DASH}{NAME} {ENCODED}\n",
        f"{TEXT}\n{DASH} {NAME}  {ENCODED}\n",
        f"{TEXT}\n{DASH} {NAME} {ENCODED} \n",
        f"{TEXT}\n{DASH} {NAME}+ {ENCODED}\n",
        f"{TEXT}\n{DASH}  {ENCODED}\n",
        f"{TEXT}\n{DASH} a\u00a0b {ENCODED}\n",
        f"{TEXT}\n{DASH} {NAME} {ENCODED.removesuffix('=')}\n",
        f"{TEXT}\n{DASH} {NAME} {ENCODED}=\n",
        f"{TEXT}\n{DASH} {NAME} {b64encode(SIGNER.verifier.key_id)}\n",
        f"{TEXT}\n{DASH} {NAME} \n",
        f"tab\t\n\n{GOOD}",
        f"carriage return\r\n\n{GOOD}",
        f"{TEXT}\n{GOOD}".replace("\n", "\r\n"),
        f"null\0\n\n{GOOD}",
        f"surrogate \ud800\n\n{GOOD}",
        "x" * 1_000_000 + f"\n\n{GOOD}",
    ],
)
def test_what_is_no_note_is_malformed(note: str) -> None:
    with pytest.raises(MalformedError):
        open_note(note, SIGNER.verifier)


@given(st.integers(0, len(SIGNER.sign(TEXT)) - 1), st.characters())
@example(0, "F")
def test_a_note_with_one_character_changed_does_not_open(place: int, character: str) -> None:
    note = SIGNER.sign(TEXT)
    changed = note[:place] + character + note[place + 1 :]
    if changed == note:
        return
    with pytest.raises(CryptoError):
        open_note(changed, SIGNER.verifier)


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "\ud800\n"])
def test_what_cannot_be_read_back_is_not_signed(text: str) -> None:
    with pytest.raises(MalformedError):
        SIGNER.sign(text)


@given(st.text())
def test_whatever_is_signed_opens(text: str) -> None:
    try:
        note = SIGNER.sign(text + "\n")
    except MalformedError:
        return
    assert open_note(note, SIGNER.verifier) == text + "\n"


def test_a_verifier_key_reads_back_as_itself() -> None:
    vkey = SIGNER.verifier.vkey
    assert vkey.startswith(f"log.example/one+{SIGNER.verifier.key_id.hex()}+A")
    assert NoteVerifier.from_vkey(vkey) == SIGNER.verifier


def test_the_key_id_depends_on_the_name() -> None:
    renamed = NoteVerifier(name="log.example/two", public_key=SIGNER.verifier.public_key)
    assert renamed.key_id != SIGNER.verifier.key_id


VKEY = SIGNER.verifier.vkey


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "+",
        "name",
        VKEY.replace("log", "lag"),
        VKEY.upper(),
        VKEY + "\n",
        " " + VKEY,
        VKEY.replace("+A", "A"),
        VKEY[:-4],
        VKEY.replace("+A", "+B", 1),  # another type of key
        "+".join(["a b", *VKEY.split("+", 1)[1:]]),
        VKEY.replace(SIGNER.verifier.key_id.hex(), "00000000"),
    ],
)
def test_what_is_no_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(MalformedError):
        NoteVerifier.from_vkey(vkey)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\n", "a\x7f\x01"])
def test_a_name_that_would_break_a_line_is_no_key_name(name: str) -> None:
    with pytest.raises(MalformedError):
        NoteVerifier(name=name, public_key=SIGNER.verifier.public_key)


def test_a_key_of_small_order_is_no_verifier() -> None:
    with pytest.raises(MalformedError):
        NoteVerifier(name="log", public_key=b"\x01" + bytes(31))


# Made by Go's golang.org/x/mod/sumdb/note and printed in its documentation.
GO_PRIVATE_KEY = b"PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"


def test_a_private_key_of_go_s_documentation_signs_its_note() -> None:
    signer = NoteSigner.from_private_key(SecretBytes(GO_PRIVATE_KEY))
    assert signer.sign(GO_TEXT) == GO_NOTE
    assert signer.private_key == SecretBytes(GO_PRIVATE_KEY)


def test_a_generated_key_reads_back_and_does_not_print() -> None:
    signer = NoteSigner.generate("log.example/one")
    again = NoteSigner.from_private_key(signer.private_key)
    assert again.verifier == signer.verifier
    assert signer.verifier != NoteSigner.generate("log.example/one").verifier
    assert signer.private_key.reveal().decode() not in f"{signer!r} {vars(signer)!r}"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        GO_PRIVATE_KEY + b"\n",
        GO_PRIVATE_KEY.removeprefix(b"PRIVATE+KEY+"),
        GO_PRIVATE_KEY.replace(b"Neumann", b"Newmann"),
        GO_PRIVATE_KEY.replace(b"c74f", b"C74F"),
        GO_PRIVATE_KEY.replace(b"+AY", b"+BY"),
        GO_PRIVATE_KEY[:-4],
        GO_VKEY.encode(),
        b"\xff" + GO_PRIVATE_KEY,
    ],
)
def test_what_is_no_private_key_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError) as refusal:
        NoteSigner.from_private_key(SecretBytes(data))
    assert "AYEKF" not in str(refusal.value)
