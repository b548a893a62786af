"""What only a holder of an envelope's secret signs: the sealer, and anyone who has opened it.

It proves nothing more: names, place and time in it are its signer's claims.
"""

from crypto.encoding import b64decode
from crypto.envelope import opening_keyid
from crypto.errors import VerificationError
from crypto.statement import Statement, verify


def verify_opener(statement: Statement, opening_key: str) -> None:
    """Verify a statement signed with the ``opening_key`` (base64) of the manifest that it names.

    Raises:
        VerificationError: not exactly one signature, under another key id, or by another key.
    """
    key = b64decode(opening_key)
    if [signature.keyid for signature in statement.signatures] != [opening_keyid(key)]:
        raise VerificationError("this statement was not signed by someone who opened the envelope")
    verify(statement, key)
