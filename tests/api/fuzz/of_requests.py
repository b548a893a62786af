"""Calls about requests, each with statements signed by the person whose act it is."""

from crypto.encoding import b64encode, hex_digest
from crypto.statement import Statement
from service.wire.base import Dsse, Shape
from service.wire.requests import Decide, OfflineImport
from tests.api.fuzz.walk import Call, Walk, makes
from tests.cast import MFA, PASSWORD
from tests.usecases.bodies import body, wire


def _about(walk: Walk, request: str, by: str, sent: Shape | None = None) -> Call:
    return Call(token=walk.token(by), where={"request": request}, body=sent)


@makes("request.open")
def opened(walk: Walk) -> Call:
    walk.in_force()
    drill = walk.pick(False, False, True)
    statement = walk.world.request_statement(
        drill=drill,
        reason=walk.some_text(),
        ticket=walk.text(),
        task_text=walk.text(),
        lifetime=walk.number(1, 3600),
        window=walk.number(1, 900),
    )
    asked = walk.world.asked

    def kept(done: dict[str, str]) -> None:
        asked[done["id"]] = statement

    return Call(token=walk.token("gus"), body=body(statement), kept=kept)


@makes("request.cancel")
def cancelled(walk: Walk) -> Call:
    request = walk.pick(walk.requested, walk.approved)()
    word = walk.world.word("cancellation", request, reason=walk.text())
    return _about(walk, request, "gus", body(word))


@makes("request.decide")
def decided(walk: Walk) -> Call:
    request, name = walk.requested(), walk.custodian()
    world = walk.world
    if walk.pick(True, False):
        word = world.decision(name, request, decision="deny", reason=walk.some_text())
        return _about(walk, request, name, Decide(statement=wire(word)))
    share = world.reseal(name, request)
    word = world.decision(name, request, share=share)
    sent = Decide(statement=wire(word), resealed_share=b64encode(share))
    return _about(walk, request, name, sent)


@makes("request.release")
def released(walk: Walk) -> Call:
    request = walk.approved()
    return _about(walk, request, "gus", body(walk.world.word("release", request)))


@makes("request.fetch")
def fetched(walk: Walk) -> Call:
    return _about(walk, walk.released(), "gus")


@makes("request.close")
def closed(walk: Walk) -> Call:
    request = walk.released()
    word = walk.world.word("closure", request, summary=walk.some_text())
    return _about(walk, request, "gus", body(word))


@makes("request.review")
def reviewed(walk: Walk) -> Call:
    request, name = walk.released(), walk.custodian()
    world = walk.world
    world.close(request)
    world.rotate(request)
    fields = {
        "request": world.asked[request].digest,
        "group": world.group(name),
        "reviewer": world.id(name),
        "rotated": True,
        "note": walk.text(),
    }
    return _about(walk, request, name, body(world.sign(name, "review", **fields)))


@makes("request.import")
def imported(walk: Walk) -> Call:
    walk.in_force()
    world = walk.world
    asked = world.request_statement(offline=True, reason=walk.some_text())
    request = asked.payload["request"]
    world.asked[request] = asked
    approving = [*walk.shuffled(*PASSWORD)[:2], *walk.shuffled(*MFA)[:2]]
    shares = {name: hex_digest(name.encode()) for name in approving}
    words = [world.decision(n, request, resealed_share_digest=d) for n, d in shares.items()]
    closure = world.word("closure", request, summary=walk.some_text())
    sent = OfflineImport(
        request=wire(asked),
        decisions=[wire(word) for word in words],
        release=wire(world.word("release", request)),
        closure=_perhaps(walk, closure),
    )
    del world.asked[request]  # no one has it yet

    def kept(done: dict[str, str]) -> None:
        world.asked[done["id"]] = asked

    return Call(token=walk.token("gus", *approving), body=sent, kept=kept)


def _perhaps(walk: Walk, statement: Statement) -> Dsse | None:
    return wire(statement) if walk.pick(True, False) else None


@makes("request.show")
def shown(walk: Walk) -> Call:
    request = walk.pick(walk.requested, walk.approved, walk.released)()
    seen = {"seen": walk.number(0, 60)} if walk.pick(True, False) else {}
    call = _about(walk, request, walk.pick("gus", "aud", walk.custodian()))
    return Call(token=call.token, where=call.where, query=seen)


@makes("request.case")
def case(walk: Walk) -> Call:
    return shown(walk)


@makes("request.list")
def listed(walk: Walk) -> Call:
    walk.requested()
    query = {
        "account": walk.pick("", walk.world.account),
        "state": walk.pick("", "pending", "closed"),
        "before": walk.pick("", "0", "40"),
        "limit": walk.number(1, 100),
    }
    return Call(token=walk.token("gus", "aud", walk.custodian()), query=query)
