"""What a custodian signs about their share: a receipt, a paper, an approval. Or a denial."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crypto import envelope as public
from crypto import statement as statements
from crypto.encoding import hex_digest
from crypto.identity import Identity
from crypto.seal import seal
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.client.shares.opening import Holding, OpenedShare, open_share
from service.client.trust.heads import Stamp
from service.client.trust.request import VerifiedRequest
from service.domain.people import GroupName


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A signed approval, the resealed share whose digest it signs, and a receipt if one was due."""

    statement: Statement
    receipt: Statement | None
    resealed: bytes = field(repr=False)


def receipt(opened: OpenedShare, me: Identity, stamp: Stamp) -> Statement:
    """Sign that my share opens and is the one that the roster asks for: it was compared."""
    return _signed("custody-receipt", opened.holding.fields, me, stamp)


def paper(opened: OpenedShare, me: Identity, stamp: Stamp, *, place: str) -> Statement:
    """Sign that I print my share; ``place`` is where the paper will be, or empty."""
    return _signed("paper", {**opened.holding.fields, "place": place}, me, stamp)


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
    stamp: Stamp,
    *,
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
    fields = {
        "request": about.request.digest,
        "group": holding.group.value,
        "custodian": holding.person,
        "decision": "approve",
        "reason": "",
        "resealed_share_digest": hex_digest(resealed),
    }
    statement = _signed("decision", fields, me, stamp)
    return Approval(
        statement=statement,
        receipt=None if confirmed else receipt(opened, me, stamp),
        resealed=resealed,
    )


def deny(
    about: VerifiedRequest,
    *,
    group: GroupName,
    person: str,
    reason: str,
    stamp: Stamp,
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
    return _signed("decision", fields, me, stamp)


def _signed(kind: str, fields: Mapping[str, Any], me: Identity, stamp: Stamp) -> Statement:
    return statements.sign(kind, {**fields, **stamp.head.fields}, identity=me, at=stamp.at)
