"""A new password: split among both groups, sealed to each custodian, and tried before signing.

``Content`` is what an envelope holds; it leaves this device sealed or not at all.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crypto.encoding import b64encode
from crypto.opening import Content, SealedEnvelope, seal_envelope
from crypto.statement import Statement
from service.wire.accounts import NewEnvelope, SealedShare
from service.wire.base import Dsse

__all__ = ["Content", "SealedEnvelope", "seal_content", "to_post"]


def seal_content(
    content: Content,
    *,
    roster: Statement,
    keys: Mapping[str, bytes],
    head: Mapping[str, Any],
    at: datetime,
) -> SealedEnvelope:
    """Seal ``content`` to the custodians of ``roster``, whose chain the caller has verified.

    ``keys`` and ``head`` are as in :func:`crypto.opening.seal_envelope`, which tries every share
    on the result before it returns anything to sign.
    """
    return seal_envelope(content, roster=roster, keys=keys, head=head, at=at)


def to_post(sealed: SealedEnvelope, manifest: Dsse) -> NewEnvelope:
    """Return what is posted: the signed ``manifest`` and the ciphertexts whose digests it has."""
    return NewEnvelope(
        statement=manifest,
        content=b64encode(sealed.content),
        sealed_shares=[
            SealedShare.model_validate(
                {
                    "group": share.group,
                    "custodian": share.custodian,
                    "sealed_share": b64encode(share.sealed),
                }
            )
            for share in sealed.shares
        ],
    )
