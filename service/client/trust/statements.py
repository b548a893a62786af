"""Reading the statements that a service sends, and who has signed one.

Stable codes: ``malformed-statement`` (not a statement, or one of another kind), ``unknown-suite``
(a newer release has to read it).
"""

from crypto import statement as statements
from crypto.encoding import canonical
from crypto.errors import CryptoError, UnknownSuiteError, VerificationError
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.domain.people import Member
from service.wire.base import Dsse


def raw(dsse: Dsse) -> bytes:
    """Return the statement's bytes as they were signed and stored."""
    return canonical(dsse.model_dump())


def read(dsse: Dsse, kind: str) -> Statement:
    """Parse a statement of one kind. Nothing is verified yet.

    Raises:
        ClientRefusal: ``malformed-statement``, ``unknown-suite``.
    """
    try:
        statement = statements.parse(raw(dsse))
    except UnknownSuiteError as refused:
        raise unknown_suite(refused) from None
    except CryptoError as refused:
        raise ClientRefusal(
            "malformed-statement", f"the service sent a malformed {kind}: {refused}"
        ) from None
    if statement.kind != kind:
        raise ClientRefusal(
            "malformed-statement", f"the service sent a {statement.kind} instead of a {kind}"
        )
    return statement


def signed_by(statement: Statement, member: Member | None, *, code: str, what: str) -> None:
    """Check that exactly this member has signed.

    Raises:
        ClientRefusal: with ``code``: the roster names no one for this, or the signature is bad.
    """
    if member is None:
        raise ClientRefusal(code, f"{what} was signed by someone whom the roster does not name")
    try:
        statements.verify(statement, member.signing_key)
    except VerificationError:
        raise ClientRefusal(code, f"{what} was not signed by {member.name}") from None


def unknown_suite(refused: UnknownSuiteError) -> ClientRefusal:
    """Return the refusal of a statement that this release cannot read."""
    return ClientRefusal("unknown-suite", str(refused), "update this program, then try again")
