"""RFC 9180's and SLIP-0039's own vectors, run against the libraries in the way we call them.

They lie outside the tree: in the folder that ``VECTORS`` names, else in ``../shared/vectors``.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import shamir_mnemonic  # type: ignore[import-untyped]
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from crypto.encoding import b64encode
from crypto.errors import MalformedError, VerificationError
from crypto.recipient import RecipientKey
from crypto.secret import SecretBytes
from crypto.sharing import combine, parse_share
from crypto.unseal import unseal

FOLDER = Path(os.environ.get("VECTORS", Path(__file__).parents[3].parent / "shared" / "vectors"))
HPKE_FILE = FOLDER / "rfc9180-x25519-base-vectors.json"
SLIP39_FILE = FOLDER / "slip39-vectors.json"
AEADS = {1: AEAD.AES_128_GCM, 2: AEAD.AES_256_GCM, 3: AEAD.CHACHA20_POLY1305}


def stored(path: Path) -> list[Any]:
    """Return the file's cases, or one that skips and says how to have them."""
    if not path.exists():
        reason = f"{path.name} is not here: set VECTORS to the folder that holds it"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason), id="absent")]
    cases: list[Any] = json.loads(path.read_text(encoding="utf-8"))
    return cases


@pytest.mark.parametrize("case", stored(HPKE_FILE))
def test_hpke_opens_the_first_message_of_each_official_case(case: dict[str, Any]) -> None:
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEADS[case["aead_id"]])
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(case["skRm"]))
    first = case["encryptions"][0]
    opened = openssl.hpke._decrypt_with_aad(  # noqa: SLF001
        suite,
        bytes.fromhex(case["enc"] + first["ct"]),
        private,
        info=bytes.fromhex(case["info"]),
        aad=bytes.fromhex(first["aad"]),
    )
    assert opened.hex() == first["pt"]


@pytest.mark.parametrize("case", stored(HPKE_FILE))
def test_a_message_with_associated_data_is_not_ours(case: dict[str, Any]) -> None:
    key = RecipientKey.from_private(SecretBytes(bytes.fromhex(case["skRm"])))
    assert key.public.hex() == case["pkRm"]
    sealed = bytes.fromhex(case["enc"] + case["encryptions"][0]["ct"])
    with pytest.raises(VerificationError):
        unseal(key.private, bytes.fromhex(case["info"]), sealed)


@pytest.mark.parametrize("case", stored(SLIP39_FILE), ids=lambda case: case and case[0])
def test_slip39_s_own_cases(case: tuple[str, list[str], str, str]) -> None:
    _, mnemonics, secret, _ = case
    if secret:
        combined = shamir_mnemonic.combine_mnemonics(mnemonics, b"TREZOR")
        assert combined.hex() == secret, b64encode(combined)
    else:
        with pytest.raises(shamir_mnemonic.MnemonicError):
            shamir_mnemonic.combine_mnemonics(mnemonics, b"TREZOR")


@pytest.mark.parametrize("case", stored(SLIP39_FILE), ids=lambda case: case and case[0])
def test_shares_of_other_parameters_are_not_ours(case: tuple[str, list[str], str, str]) -> None:
    """No official case has two groups of two, 256 bits, extendable, exponent 0."""
    for mnemonic in case[1]:
        with pytest.raises(MalformedError):
            parse_share(mnemonic)
    with pytest.raises(MalformedError):
        combine(case[1])
