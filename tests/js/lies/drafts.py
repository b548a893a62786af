"""Drafts of rosters: whatever the command line makes of each is what the browser has to make."""

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from crypto.encoding import b64encode
from crypto.identity import Identity
from crypto.statement import Statement, parse, payload_body, unsigned
from service.client.commands.rostersign import Draft, read_draft
from service.client.device import memory
from service.client.device.home import Home
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.words.rosters import changes, describe
from service.client.trust.statements import raw
from service.domain.errors import Refusal
from service.domain.signers import new_members
from service.wire.accounts import OpenDraft, Rosters
from tests.cast import ACCOUNT, identity_statement, log_key, somebody, witness_key
from tests.client.honest import (
    EVERYBODY,
    START,
    brought,
    first_roster,
    keys_of,
    roster_fields,
    second_roster,
    signed_roster,
    wire,
)
from tests.js.lies.case import Case


def cases() -> list[Case]:
    first, second = first_roster(), second_roster(name="payments eu")
    follows: dict[str, Any] = {"version": 2, "previous": first.digest, "cause": "change"}
    mallory: dict[str, Identity] = {"ann": Identity.generate()}
    nell = ("dea", "eli", "nell")
    requester = [somebody("ann").id]
    both = sorted(somebody(name).id for name in ("gus", "sam"))
    unmine = signed_roster(roster_fields(), keys_of(*EVERYBODY[1:]))
    renamed: dict[str, Any] = {
        "name": "payments\n  may ask  nobody",
        "root_email": "root@other.example",
    }
    policy = {
        "request_lifetime": 600,
        "release_window": 3600,
        "denials": "first",
        "requester_seals": True,
        "least_suite": "bg1",
    }
    witnesses = sorted(witness_key(name) for name in ("wit.example/a", "wit.example/b"))
    seen: dict[str, Any] = {"witnesses": witnesses, "cosigned_by": 1}
    return [
        told("my first roster"),
        told("my first roster, compared", compared="draft"),
        told("a change", first, **follows, thresholds=(3, 1), **renamed, policy=policy),
        told("others who ask", first, **follows, requesters=both),
        told("others who seal", first, **follows, sealers=both),
        told("another type", first, **follows, type="standalone"),
        told("another's new keys", first, keys={"bob": Identity.generate()}, **follows),
        told("a change, compared before", first, compared=[first.digest], **follows),
        told(
            "a change after one that I did not sign",
            first,
            second,
            me="cem",
            **{**follows, "version": 3, "previous": second.digest},
        ),
        told("a newcomer's first", first, me="nell", **follows, mfa=nell),
        told("a newcomer whom others know", first, **follows, mfa=nell),
        told(
            "a newcomer to me", first, seen=1, **follows, password=("bob", "cem", "nell"), me="bob"
        ),
        told("another log's key", first, **follows, log_key=log_key("other.example/log")),
        told("witnesses", first, **follows, **seen),
        told("the end of the line", first, **follows, retired=True),
        told("a first with all of it", **seen, retired=True, policy=policy),
        told("an identity left out", first, left_out="bob", **follows),
        told("an identity left out of a first", left_out="ann"),
        told("my keys exchanged", first, keys=mallory, **follows),
        told("my keys exchanged in a first", keys=mallory),
        told("another account", account="999988887777"),
        told("another digest", digest="0" * 64),
        told("a custodian who asks", requesters=requester),
        told("it follows nothing", **{**follows, "previous": "1" * 64}),
        told("it follows another", first, **{**follows, "previous": "1" * 64}),
        told("the chain has vanished", seen=1, **follows),
        told("the chain has vanished from a fresh browser", **follows),
        told("an older chain", first, seen=2, **follows),
        told(
            "a chain without my signature",
            unmine,
            version=2,
            previous=unmine.digest,
            cause="change",
        ),
        told("a stranger", first, me="mallory", **follows),
        told("no draft", first, draft=False),
    ]


def told(
    title: str,
    /,
    *chain: Statement,
    me: str = "ann",
    compared: Collection[str] | str = (),
    seen: int = 0,
    draft: bool = True,
    digest: str = "",
    left_out: str = "",
    **fields: Any,
) -> Case:
    """``seen`` is the version that this device remembers; ``fields`` are the draft's."""
    body = payload_body("roster", roster_fields(**fields), START + timedelta(hours=3))
    drafted = unsigned("roster", body)
    own = drafted.digest
    without = identity_statement(left_out).digest if left_out else ""
    shown = Rosters(
        chain=[wire(version) for version in chain],
        identities=[one for one in brought(*chain, drafted) if parse(raw(one)).digest != without],
        lines=[],
        draft=OpenDraft(
            digest=digest or own,
            payload=b64encode(body),
            signatures=[wire(first_roster())],
            missing={},
        )
        if draft
        else None,
    )
    digests = [own] if compared == "draft" else list(compared)
    remembered = [first_roster(), second_roster()][seen - 1].digest if seen else ""
    code, says = _heard(shown, me, digests, (seen, remembered))
    given = {
        "shown": shown,
        "account": ACCOUNT,
        "person": somebody(me).id,
        "keys": somebody(me).identity.public,
        "remembered": [seen, remembered] if seen else None,
        "compared": digests,
    }
    return Case(f"draft: {title}", "readDraft", given, code, says)


def _heard(
    shown: Rosters, name: str, digests: Collection[str], seen: tuple[int, str]
) -> tuple[str, Any]:
    """What the command line makes of it."""
    me = somebody(name).identity.public
    with TemporaryDirectory() as folder:
        home = Home(Path(folder))
        run: Any = SimpleNamespace(home=home, config=SimpleNamespace(person=somebody(name).id))
        for digest in digests:
            memory.remember_compared(home, ACCOUNT, digest)
        if seen[0]:
            memory.remember_roster(home, ACCOUNT, *seen)
        try:
            draft = read_draft(run, shown, ACCOUNT, me)
        except (ClientRefusal, Refusal) as refused:
            return refused.code, None
        mine = draft.roster.members.get(run.config.person)
        if mine is not None and mine.signing_key != me.signing_key:
            return "keys-replaced", None
        return "", _summary(run, draft, name)


def _summary(run: Any, draft: Draft, name: str) -> Any:
    me = somebody(name).identity.public
    known = draft.trusted(run, me)
    new = new_members(draft.roster, known) - {somebody(name).id}
    return {
        "trusted": known.version if known else None,
        "compared": draft.compared(run),
        "people": sorted(draft.roster.members[one].name for one in new),
        "describe": [" ".join(line.split()) for line in describe(draft.roster)],
        "changes": changes(draft.previous, draft.roster) if draft.previous else [],
    }
