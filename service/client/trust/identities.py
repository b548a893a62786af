"""Verifying identities: the statements by which people enrolled the keys that rosters count.

A roster pins an identity by its digest, which covers its payload and not its signature; so each is
verified on every fetch, with the key inside it.
"""

from collections.abc import Sequence

from crypto.encoding import canonical
from crypto.enrolled import read_identity
from crypto.errors import CryptoError, UnknownSuiteError
from crypto.statement import parse
from service.client.foundation.errors import ClientRefusal
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
        found = read_identity(parse(canonical(dsse.model_dump())))
    except UnknownSuiteError as refused:
        raise unknown_suite(refused) from None
    except CryptoError as refused:
        raise ClientRefusal(
            "identity-forged", f"a person's identity does not verify: {refused}"
        ) from None
    keys = IdentityKeys(
        person=found.person,
        encryption_key=found.keys.encryption_key,
        signing_key=found.keys.signing_key,
    )
    return found.digest, keys


def unknown_suite(refused: UnknownSuiteError) -> ClientRefusal:
    """Return the refusal of a statement that this release cannot read."""
    return ClientRefusal("unknown-suite", str(refused), "update this program, then try again")
