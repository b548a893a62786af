"""From a posted DSSE envelope to a statement that this very person has signed."""

from crypto.encoding import b64decode, b64encode, canonical, hex_digest
from crypto.errors import MalformedError
from crypto.statement import PAYLOAD_TYPE, Statement, verify
from service.domain import errors
from service.domain.people import Member
from service.storage.statements import posted
from service.usecases.context import Caller
from service.wire.base import Dsse, Signature


def received(dsse: Dsse, kind: str) -> Statement:
    """Parse what was posted, as strictly as anything that was signed.

    Raises:
        MalformedError: it is no statement, or one of another kind.
    """
    statement = posted(canonical(dsse.model_dump()))
    if statement.kind != kind:
        raise MalformedError(f"a statement of kind '{kind}' is required here")
    return statement


def check_signer(
    statement: Statement, *, field: str, caller: Caller, member: Member | None
) -> None:
    """Refuse a statement that does not name the caller, or was not signed with their key.

    ``field`` is where the payload names its signer, ``member`` that person as the roster that
    counts has them.

    Raises:
        WrongPersonError, NotInRosterError, VerificationError: in this order.
    """
    if statement.payload[field] != caller.person:
        raise errors.WrongPersonError
    if member is None:
        raise errors.NotInRosterError
    verify(statement, member.signing_key)


def blob(text: str, digest: str) -> bytes:
    """Decode a blob and hold it against the digest that was signed.

    Raises:
        MalformedError: not base64.
        WrongBlobError: another digest.
    """
    data = b64decode(text)
    if hex_digest(data) != digest:
        raise errors.WrongBlobError
    return data


def dsse(statement: Statement) -> Dsse:
    """A statement as the API passes it on: the same texts that were signed, not checked again."""
    return Dsse.model_construct(
        payload=b64encode(statement.body),
        payloadType=PAYLOAD_TYPE.format(kind=statement.kind),
        signatures=[
            Signature.model_construct(keyid=one.keyid, sig=b64encode(one.sig))
            for one in statement.signatures
        ],
    )


def as_signed(raw: bytes) -> Dsse:
    """The same for a statement that nothing here has to read."""
    return Dsse.model_validate_json(raw)
