"""Verifying identities: the statements by which people enrolled the keys that rosters count.

A roster pins an identity by its digest, which covers its payload and not its signature; so each is
verified on every fetch, with the key inside it.
"""

from collections.abc import Sequence

from crypto.enrolled import read_identity
from crypto.errors import CryptoError, UnknownSuiteError
from crypto.statement import parse
from service.client.foundation.errors import ClientRefusal
from service.client.trust.statements import raw, unknown_suite
from service.domain.people import Identities, IdentityKeys
from service.wire.base import Dsse


def verify_identities(identities: Sequence[Dsse]) -> Identities:
    """Return what each identity says, by its digest.

    Raises:
        ClientRefusal: ``identity-forged``: malformed, or not signed with its own key;
            ``unknown-suite``.
    """
    return dict(_verified(dsse) for dsse in identities)


def _verified(dsse: Dsse) -> tuple[str, IdentityKeys]:
    try:
        statement = parse(raw(dsse))
        read_identity(statement)
    except UnknownSuiteError as refused:
        raise unknown_suite(refused) from None
    except CryptoError as refused:
        raise ClientRefusal(
            "identity-forged", f"a person's identity does not verify: {refused}"
        ) from None
    return statement.digest, IdentityKeys.from_payload(statement.payload)
