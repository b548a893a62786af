"""Calls about accounts, rosters, envelopes and papers."""

from crypto.encoding import b64encode
from crypto.opening import Content
from crypto.statement import Statement, payload_body, sign_body, unsigned
from service.wire.accounts import Channel, NewAccount, NewEnvelope, RosterDraft, SealedShare
from tests.api.fuzz.walk import Call, Walk, makes
from tests.cast import CUSTODIANS, OTHER_ACCOUNT
from tests.usecases.bodies import body, wire


def _here(walk: Walk) -> dict[str, str]:
    return {"account": walk.world.account}


@makes("account.register")
def registered(walk: Walk) -> Call:
    account = f"{walk.number(1000, 9999)}{walk.new():08}"
    topic = f"arn:aws:sns:eu-central-1:{OTHER_ACCOUNT}:{walk.pick('alarms', 'root')}"
    new = NewAccount(account=account, sns_topic_arn=walk.pick("", topic))
    return Call(token=walk.token("olga"), body=new)


@makes("account.channel")
def channel(walk: Walk) -> Call:
    topic = f"arn:aws:sns:eu-west-{walk.number(1, 3)}:{OTHER_ACCOUNT}:alarms"
    sent = Channel(sns_topic_arn=walk.pick("", topic))
    return Call(token=walk.token("olga"), where=_here(walk), body=sent)


@makes("account.list")
def listed(walk: Walk) -> Call:
    return Call(token=walk.token("gus", "olga", "aud", "eve", walk.custodian()))


@makes("account.show")
def shown(walk: Walk) -> Call:
    return Call(token=walk.token("gus", "aud", walk.custodian()), where=_here(walk))


@makes("account.whole")
def whole(walk: Walk) -> Call:
    seen = {"seen": walk.number(0, 60)} if walk.pick(True, False) else {}
    token = walk.token("gus", "aud", walk.custodian())
    return Call(token=token, where=_here(walk), query=seen)


@makes("bundle.fetch")
def bundle(walk: Walk) -> Call:
    return Call(token=walk.token("gus", walk.custodian()), where=_here(walk))


def _drafted(walk: Walk) -> Statement:
    fields = walk.world.roster_fields(name=walk.name())
    return unsigned("roster", payload_body("roster", fields, walk.world.clock()))


@makes("roster.draft")
def drafted(walk: Walk) -> Call:
    sent = RosterDraft(payload=b64encode(_drafted(walk).body))
    return Call(token=walk.token("olga"), where=_here(walk), body=sent)


@makes("roster.sign")
def signed(walk: Walk) -> Call:
    world = walk.world
    drafted = world.draft(name=walk.name())
    first, *others = walk.shuffled(*CUSTODIANS)
    if walk.pick(True, False):
        for name in others:
            world.sign_roster(name, drafted)
            if world.roster is drafted:
                drafted = world.draft(name=walk.name())
                break
    statement = sign_body("roster", drafted.body, world.who(first).identity)

    def kept(done: dict[str, str]) -> None:
        if done["state"] == "accepted":
            world.roster = drafted

    where = _here(walk) | {"digest": drafted.digest}
    return Call(token=walk.token(first), where=where, body=body(statement), kept=kept)


@makes("roster.show")
def rosters(walk: Walk) -> Call:
    query = {"seen": walk.number(0, 40)} if walk.pick(True, False) else {}
    return Call(token=walk.token("gus", "aud", walk.custodian()), where=_here(walk), query=query)


@makes("envelope.seal")
def sealed(walk: Walk) -> Call:
    walk.in_force()
    world = walk.world
    content = Content(
        password=walk.some_text()[:100], sign_in_email="root@corp.example", note=walk.text()[:200]
    )
    parts = world.seal_parts(content)
    manifest = world.signed_manifest(parts)
    shares = [
        SealedShare.model_validate(
            {"group": s.group, "custodian": s.custodian, "sealed_share": b64encode(s.sealed)}
        )
        for s in parts.shares
    ]
    sent = NewEnvelope(
        statement=wire(manifest), content=b64encode(parts.content), sealed_shares=shares
    )

    def kept(done: dict[str, str]) -> None:
        world.manifests["newest"] = world.manifests[done["id"]] = manifest
        world.sealed[manifest.digest] = parts

    return Call(token=walk.token("gus"), body=sent, kept=kept)


@makes("envelope.confirm")
def confirmed(walk: Walk) -> Call:
    walk.in_force()
    world = walk.world
    world.seal()
    first, *others = walk.shuffled(*CUSTODIANS)
    for name in others[: walk.number(0, 3)]:
        world.confirm(name)
    return Call(token=walk.token(first), body=body(world.receipt(first)))


@makes("envelope.list")
def envelopes(walk: Walk) -> Call:
    return rosters(walk)


@makes("envelope.share")
def share(walk: Walk) -> Call:
    walk.in_force()
    where = {"envelope": walk.world.manifests["newest"].payload["envelope"]}
    return Call(token=walk.token(walk.custodian()), where=where)


@makes("envelope.paper")
def paper(walk: Walk) -> Call:
    digest, name, world = walk.in_force(), walk.custodian(), walk.world
    fields = {"manifest": digest, "group": world.group(name), "custodian": world.id(name)}
    statement = world.sign(name, "paper", place=walk.text(), **fields)
    return Call(token=walk.token(name), body=body(statement))


@makes("envelope.report-papers")
def reported(walk: Walk) -> Call:
    walk.in_force()
    report = walk.world.papers(name=walk.some_text(), place=walk.text(), reason=walk.text())
    return Call(body=body(report))  # by anyone who opened it: no session
