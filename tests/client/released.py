"""One released request, with everything that its requester's device holds and is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from crypto.encoding import b64encode, format_time
from crypto.recipient import RecipientKey
from crypto.statement import Statement
from service.client.device import requestkeys
from service.client.device.home import Home
from service.wire.requests import Released, Resealed
from tests.cast import PASSWORD, somebody
from tests.client.honest import (
    START,
    Sealed,
    brought,
    decision_by,
    entered,
    first_envelope,
    first_roster,
    request_by,
    resealed,
    wire,
    word_by,
)
from tests.client.logs import Log


@dataclass(frozen=True)
class World:
    """One released request, with everything that its requester's device holds and is told."""

    recipient: RecipientKey
    request: Statement
    blobs: Mapping[str, bytes]
    decisions: Mapping[str, Statement]
    release: Statement
    released: Released
    log: Log


def build_world(
    *,
    drill: bool = False,
    approvers: Sequence[str] = ("ann", "bob", "dea"),
    roster: Statement | None = None,
    sealed: Sealed | None = None,
) -> World:
    recipient, log = RecipientKey.generate(), Log()
    roster, sealed = roster or first_roster(), sealed or first_envelope()
    task = "drill" if drill else "mfa-devices"
    request = request_by(recipient.public, roster=roster, sealed=sealed, drill=drill, task=task)
    blobs = {name: resealed(name, request, sealed, recipient.public) for name in approvers}
    decisions = {name: decision_by(name, request, blobs[name]) for name in approvers}
    release = word_by("gus", "release", request)
    who, number = somebody("gus").id, request.payload["request"]
    log.append("log:started", subject="service")
    for statement, action, actor in (
        (request, "request:opened", who),
        *((decisions[n], "request:approved", somebody(n).id) for n in approvers),
        (release, "request:released", who),
    ):
        log.append(action, actor=actor, request=number, statement=statement.raw)
    last = len(log.leaves) - 1
    released = Released(
        id=number,
        state="closed" if drill else "released",
        leaf=last,
        receipt=log.receipt(last),
        window_ends_at=format_time(START + timedelta(minutes=30 + last)),
        chain=[wire(roster)],
        identities=brought(roster),
        manifest=wire(sealed.statement),
        content=b64encode(sealed.parts.content),
        request=entered(request, 1, 1),
        decisions=[entered(decisions[n], 2 + i, 2 + i) for i, n in enumerate(approvers)],
        release=entered(release, last, last),
        resealed_shares=[
            Resealed(
                group="password" if n in PASSWORD else "mfa",
                custodian=somebody(n).id,
                decision=decisions[n].digest,
                resealed_share=b64encode(blobs[n]),
            )
            for n in approvers
        ],
    )
    return World(
        recipient=recipient,
        request=request,
        blobs=blobs,
        decisions=decisions,
        release=release,
        released=released,
        log=log,
    )


def keep_key(home: Home, request: str, key: RecipientKey, *, name: str = "gus") -> None:
    """Keep a request's key as its requester's device does, under that person's root."""
    me = somebody(name)
    requestkeys.keep(home, request, key, person=me.id, root=me.identity.root, slots=[])


@cache
def world() -> World:
    return build_world()
