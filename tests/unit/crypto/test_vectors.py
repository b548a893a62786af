"""Every case of the project's own vectors, with the outcome and the outputs that it states."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import pytest

from crypto import envelope, opening, phrase, statement
from crypto.derived import derive
from crypto.encoding import (
    b64decode,
    b64encode,
    canonical,
    check_hex_digest,
    check_text,
    format_time,
    lp,
    parse_canonical,
    parse_time,
)
from crypto.enrolled import read_identity
from crypto.errors import MalformedError, NotEnoughSharesError, VerificationError
from crypto.fields import person_name
from crypto.identity import Identity, PublicKeys
from crypto.keyslot import passkey_slot_key
from crypto.passwords import check_password
from crypto.recipient import RecipientKey
from crypto.requestkey import unwrap_request_key, wrap_request_key, wrapping_key
from crypto.schema import KINDS, check_payload
from crypto.secret import SecretBytes
from crypto.sharing import combine
from crypto.spoken import log_key_words, roster_words
from crypto.suite import check_encryption_key, check_signing_key, verify_signature
from crypto.typedwords import typed_words
from crypto.unlock import unwrap_root
from crypto.unseal import unseal
from service.client.foundation.words.consents import Context, lines
from tests.vectors.generate import FILES, FOLDER, stale

Case = dict[str, Any]

REFUSALS = {
    "malformed": MalformedError,
    "unverified": VerificationError,
    "not-enough": NotEnoughSharesError,
}


def run_lp(case: Case) -> None:
    fields = [bytes.fromhex(f["hex"]) if isinstance(f, dict) else f for f in case["fields"]]
    assert lp(*fields).hex() == case["joined"]


def run_base64(case: Case) -> None:
    assert b64encode(b64decode(case["text"])) == case["text"]


def run_digests(case: Case) -> None:
    assert check_hex_digest(case["text"]).hex() == case["text"]


def run_times(case: Case) -> None:
    assert format_time(parse_time(case["text"])) == case["text"]


def run_texts(case: Case) -> None:
    assert check_text(case["text"]) == case["text"]


def run_json(case: Case) -> None:
    data = case["text"].encode()
    assert canonical(parse_canonical(data)) == data


def run_keys(case: Case) -> None:
    check = {"signing": check_signing_key, "encryption": check_encryption_key}[case["use"]]
    check(bytes.fromhex(case["key"]))


def run_signatures(case: Case) -> None:
    key, signature, message = (bytes.fromhex(case[n]) for n in ("key", "signature", "message"))
    verify_signature(key, signature, message)


def run_identities(case: Case) -> None:
    identity = Identity.from_root(SecretBytes(bytes.fromhex(case["root"])))
    assert identity.encryption_private.reveal().hex() == case["encryption_private"]
    assert identity.public.encryption_key.hex() == case["encryption_key"]
    assert identity.public.signing_key.hex() == case["signing_key"]
    assert identity.public.fingerprint.hex() == identity.public.keyid == case["fingerprint"]
    assert " ".join(identity.public.words) == case["words"]
    assert identity.sign(bytes.fromhex(case["message"])).hex() == case["signature"]


def run_spoken(case: Case) -> None:
    found = log_key_words(case["log_key"]) if "log_key" in case else roster_words(case["digest"])
    assert " ".join(found) == case["words"]


def run_phrases(case: Case) -> None:
    assert " ".join(phrase.check_phrase(case["text"])) == case["words"]


def run_typed(case: Case) -> None:
    words = typed_words(case["text"], case["count"], what="a printed share")
    assert " ".join(words) == case["words"]


def run_names(case: Case) -> None:
    person_name(case["text"])


def run_derivations(case: Case) -> None:
    words, salt = case["words"].split(), bytes.fromhex(case["salt"])
    keys = phrase.phrase_keys(words, salt, case["iterations"])
    assert keys.sign_in_key.reveal().hex() == case["sign_in_key"]
    assert keys.slot_key.reveal().hex() == case["slot_key"]


def run_slots(case: Case) -> None:
    key = SecretBytes(bytes.fromhex(case["slot_key"]))
    root = unwrap_root(key, b64decode(case["wrapped"]), case["person"], case["slot"])
    assert passkey_slot_key(SecretBytes(bytes.fromhex(case["prf_output"]))) == key
    assert root.reveal().hex() == case["root"]


def run_requestkeys(case: Case) -> None:
    root, public = SecretBytes(bytes.fromhex(case["root"])), bytes.fromhex(case["recipient_key"])
    person, request = case["person"], case["request"]
    key = unwrap_request_key(root, b64decode(case["wrapped"]), person, request, public)
    assert wrapping_key(root, person, request).hex() == case["wrapping_key"]
    assert (key.private.reveal().hex(), key.public) == (case["private"], public)
    again = wrap_request_key(root, key, person, request)
    assert unwrap_request_key(root, again, person, request, public).private == key.private


def run_payloads(case: Case) -> None:
    check_payload(case["kind"], parse_canonical(case["body"].encode()))


def run_statements(case: Case) -> None:
    parsed = statement.parse(case["raw"].encode())
    assert parsed.raw.decode() == case["raw"]
    assert (parsed.kind, parsed.pae.hex(), parsed.digest) == (
        case["kind"],
        case["pae"],
        case["digest"],
    )


def run_verifications(case: Case) -> None:
    parsed = statement.parse(case["raw"].encode())
    keys = {name: bytes.fromhex(case[name]) for name in ("encryption_key", "signing_key")}
    if case["rule"] == "one":
        statement.verify(parsed, keys["signing_key"])
    else:
        statement.verify_signature_of(parsed, PublicKeys(**keys))


def run_sealed(case: Case) -> None:
    private, info = (bytes.fromhex(case[name]) for name in ("private", "info"))
    opened = unseal(SecretBytes(private), info, b64decode(case["sealed"]))
    assert opened.reveal().hex() == case["plaintext"]


def run_shares(case: Case) -> None:
    assert combine(case["mnemonics"]).reveal().hex() == case["secret"]


def run_contents(case: Case) -> None:
    key, context = (bytes.fromhex(case[name]) for name in ("content_key", "context"))
    content = opening.open_content(SecretBytes(key), b64decode(case["blob"]), context)
    expected = {name: case[name] for name in ("password", "sign_in_email", "note")}
    assert content == opening.Content(**expected)


def run_envelope(case: Case) -> None:
    manifest = case["manifest"]
    check_payload("manifest", manifest)
    context = envelope.context(manifest)
    assert context.hex() == case["context"]
    assert envelope.content_aad(context).hex() == case["content_aad"]
    assert statement.parse(case["roster"].encode()).digest == manifest["roster"]
    recipient = RecipientKey.from_private(SecretBytes(bytes.fromhex(case["recipient_private"])))
    assert b64encode(recipient.public) == case["recipient_key"]
    shares = zip(
        manifest["shares"],
        case["custodian_roots"],
        case["mnemonics"],
        case["sealed_shares"],
        case["resealed_shares"],
        strict=True,
    )
    for share, root, mnemonic, sealed, resealed in shares:
        place = (context, share["group"], share["custodian"])
        assert envelope.commitment(*place, mnemonic) == share["commitment"]
        own = Identity.from_root(SecretBytes(bytes.fromhex(root))).encryption_private
        opened = unseal(own, envelope.custody_info(*place), b64decode(sealed))
        info = envelope.release_info(case["request_digest"], *place)
        assert opened == unseal(recipient.private, info, b64decode(resealed))
        assert opened.reveal().decode() == mnemonic
    secret = combine(case["mnemonics"])
    assert secret.reveal().hex() == case["secret"]
    derived = derive(secret)
    assert derived.content_key.reveal().hex() == case["content_key"]
    assert derived.opening.public.hex() == case["opening_key"]
    assert (
        derived.opening.keyid
        == envelope.opening_keyid(derived.opening.public)
        == case["opening_keyid"]
    )
    assert derived.opening.sign(b"hello").hex() == case["opening_signature"]
    assert derived.gate.public.hex() == case["gate_key"]
    whole = opening.open_envelope(secret, b64decode(case["content_blob"]), manifest)
    assert whole.content == opening.Content(**case["content"])
    assert whole.keys_fit
    stated = {one["person"]: one["identity"] for one in people_of(case["roster"])}
    for raw in case["identities"]:
        enrolled = read_identity(statement.parse(raw.encode()))
        assert stated[enrolled.person] == enrolled.digest
    envelope.check_drill_plaintext(bytes.fromhex(case["drill_plaintext"]), case["request_digest"])
    envelope.check_reseal_length(len(b64decode(case["drill_resealed"])), drill=True)


def people_of(roster: str) -> list[dict[str, str]]:
    return list(statement.parse(roster.encode()).payload["people"])


def run_passwords(case: Case) -> None:
    account = {name: case[name] for name in ("account", "name", "email")}
    check_password(case["password"], **account)


def run_consents(case: Case) -> None:
    said = lines(case["kind"], case["payload"], Context(**case["context"]))
    assert json.loads(json.dumps(asdict(said))) == case["lines"]


RUNNERS: dict[str, Callable[[Case], None]] = {
    name.removeprefix("run_"): runner
    for name, runner in list(globals().items())
    if name.startswith("run_")
}


def stored_cases() -> Iterator[Any]:
    for name in FILES:
        file = json.loads((FOLDER / f"{name}.json").read_text(encoding="ascii"))
        for case in file["cases"]:
            yield pytest.param(name, case, id=f"{name}:{case['id']}")


@pytest.mark.parametrize(("name", "case"), list(stored_cases()))
def test_a_case_comes_out_as_its_file_says(name: str, case: Case) -> None:
    if case["expect"] == "ok":
        RUNNERS[name](case)
    else:
        with pytest.raises(REFUSALS[case["expect"]]):
            RUNNERS[name](case)


def test_every_file_has_a_runner_and_every_runner_a_file() -> None:
    assert RUNNERS.keys() == FILES.keys()


def test_the_files_are_what_would_be_written() -> None:
    assert stale() == []


def test_the_folder_holds_no_file_that_nobody_writes() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {*FILES, "kept"}


def test_more_cases_are_refused_than_accepted() -> None:
    expected = [param.values[1]["expect"] for param in stored_cases()]
    assert expected.count("ok") < len(expected) / 4


def test_every_kind_of_statement_has_good_and_bad_payloads() -> None:
    cases = [param.values[1] for param in stored_cases() if param.values[0] == "payloads"]
    seen = {(case["kind"], case["expect"]) for case in cases}
    assert {(kind, expect) for kind in KINDS for expect in ("ok", "malformed")} <= seen
