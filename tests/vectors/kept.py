"""What the libraries draw at random and let nobody fix: SLIP-39 splits and HPKE messages.

Drawn once and stored in ``kept.json``; the vectors are then made from the stored values, so that
they too follow from fixed inputs. Delete the file to draw again.
"""

import json
from pathlib import Path
from typing import Any

from crypto.encoding import b64decode, b64encode, sha256
from crypto.envelope import custody_info, drill_info, drill_plaintext, release_info
from crypto.seal import seal
from crypto.secret import SecretBytes
from crypto.sharing import split
from tests.cast import MFA, PASSWORD, identity_of, uuid_of
from tests.vectors.examples import digest_of

KEPT = Path(__file__).with_name("kept.json")
ENVELOPE_SECRET = sha256(b"envelope secret")
SPLITS = {"two-and-two": [(2, 3), (2, 3)], "one-and-three": [(1, 3), (3, 3)]}
REQUEST_DIGEST = digest_of("request")

Kept = dict[str, Any]


def holders() -> list[tuple[str, str]]:
    """Return (group, name) for each custodian, in the order of the roster."""
    return [
        *(("password", name) for name in PASSWORD),
        *(("mfa", name) for name in MFA),
    ]


def recipient_private() -> SecretBytes:
    """Return the private half of the example request's recipient key."""
    return SecretBytes(sha256(b"recipient key"))


def draw(context: bytes, recipient_key: bytes) -> Kept:
    """Split the secret, and seal and reseal the shares of the envelope in ``context``."""
    kept: Kept = {
        name: split(SecretBytes(ENVELOPE_SECRET), groups) for name, groups in SPLITS.items()
    }
    mnemonics = [mnemonic for group in kept["two-and-two"] for mnemonic in group]
    sealed, resealed = [], []
    for (group, name), mnemonic in zip(holders(), mnemonics, strict=True):
        info = custody_info(context, group, uuid_of(name))
        sealed.append(seal(identity_of(name).public.encryption_key, info, mnemonic.encode()))
        info = release_info(REQUEST_DIGEST, context, group, uuid_of(name))
        resealed.append(seal(recipient_key, info, mnemonic.encode()))
    drill = drill_plaintext(REQUEST_DIGEST)
    info = drill_info(REQUEST_DIGEST, context, "password", uuid_of("ann"))
    return {
        **kept,
        "sealed": [b64encode(share) for share in sealed],
        "resealed": [b64encode(share) for share in resealed],
        "drill_plaintext": drill.hex(),
        "drill_resealed": b64encode(seal(recipient_key, info, drill)),
    }


def load(context: bytes, recipient_key: bytes) -> Kept:
    """Return the stored values, drawn now if there are none."""
    if not KEPT.exists():
        text = json.dumps(draw(context, recipient_key), indent=1)
        KEPT.write_text(text + "\n", encoding="ascii")
    kept: Kept = json.loads(KEPT.read_text(encoding="ascii"))
    return kept


def binary(kept: Kept, name: str) -> list[bytes]:
    """Return a stored list of sealed messages."""
    return [b64decode(text) for text in kept[name]]
