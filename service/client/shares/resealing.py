"""What a custodian signs about their share: a receipt, a paper, an approval. Or a denial."""

from dataclasses import dataclass, field
from datetime import datetime

from crypto import envelope as public
from crypto import statement as statements
from crypto.encoding import hex_digest
from crypto.identity import Identity
from crypto.seal import seal
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.client.shares.opening import Holding, OpenedShare, open_share
from service.client.trust.request import VerifiedRequest
from service.domain.people import GroupName


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A signed approval, the resealed share whose digest it signs, and a receipt if one was due."""

    statement: Statement
    receipt: Statement | None
    resealed: bytes = field(repr=False)


def receipt(opened: OpenedShare, me: Identity, *, at: datetime) -> Statement:
    """Sign that my share opens and is the one that the roster asks for: it was compared."""
    return statements.sign("custody-receipt", opened.holding.fields, identity=me, at=at)


def paper(opened: OpenedShare, me: Identity, *, at: datetime) -> Statement:
    """Sign that I print my share."""
    return statements.sign("paper", opened.holding.fields, identity=me, at=at)


def _reseal(opened: OpenedShare, about: VerifiedRequest) -> bytes:
    """Seal the share to the request's key; for a drill, a text that only proves that it opened."""
    request, holding = about.request, opened.holding
    group = holding.group.value
    if request.drill:
        info = public.drill_info(request.digest, holding.context, group, holding.person)
        return seal(request.recipient_key, info, public.drill_plaintext(request.digest))
    info = public.release_info(request.digest, holding.context, group, holding.person)
    return seal(request.recipient_key, info, opened.share.mnemonic.encode())


def approve(
    about: VerifiedRequest,
    holding: Holding,
    sealed: bytes,
    me: Identity,
    *,
    at: datetime,
    confirmed: bool,
) -> Approval:
    """Open my share, compare it, seal it to the request, and sign an approval for exactly that.

    The caller has verified the request and the envelope. ``confirmed``: my receipt for it is there
    already; else it is signed too.

    Raises:
        ClientRefusal: as ``open_share``; ``manifest-replaced``: the request names another envelope.
    """
    if about.request.manifest != holding.envelope.digest:
        raise ClientRefusal("manifest-replaced", "the request names another envelope than yours")
    opened = open_share(sealed, holding, me)
    resealed = _reseal(opened, about)
    statement = statements.sign(
        "decision",
        {
            "request": about.request.digest,
            "group": holding.group.value,
            "custodian": holding.person,
            "decision": "approve",
            "reason": "",
            "resealed_share_digest": hex_digest(resealed),
        },
        identity=me,
        at=at,
    )
    return Approval(
        statement=statement,
        receipt=None if confirmed else receipt(opened, me, at=at),
        resealed=resealed,
    )


def deny(
    about: VerifiedRequest,
    *,
    group: GroupName,
    person: str,
    reason: str,
    at: datetime,
    me: Identity,
) -> Statement:
    """Sign a denial with its reason."""
    fields = {
        "request": about.request.digest,
        "group": group.value,
        "custodian": person,
        "decision": "deny",
        "reason": reason,
        "resealed_share_digest": "",
    }
    return statements.sign("decision", fields, identity=me, at=at)
