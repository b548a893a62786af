"""An identity: the statement by which a person enrolled two keys, verified with those keys."""

from dataclasses import dataclass

from crypto.encoding import b64decode
from crypto.errors import MalformedError
from crypto.identity import PublicKeys
from crypto.statement import Statement, verify


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """Who enrolled which keys. ``digest`` is the statement's: a roster names a person by it."""

    digest: str
    person: str
    keys: PublicKeys


def read_identity(statement: Statement) -> Enrolled:
    """Return what an identity says; its own signature is verified.

    A digest pins the payload and not the signature, so this is done on every fetch.

    Raises:
        MalformedError: a statement of another kind, or keys that must not be used.
        VerificationError: not signed with its own key.
    """
    if statement.kind != "identity":
        raise MalformedError("not an identity")
    keys = PublicKeys(
        encryption_key=b64decode(statement.payload["encryption_key"]),
        signing_key=b64decode(statement.payload["signing_key"]),
    )
    verify(statement, keys.signing_key)
    return Enrolled(digest=statement.digest, person=statement.payload["person"], keys=keys)
