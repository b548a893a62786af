"""Calls that read the log, the notices' channels and what waits for a person."""

from tests.api.fuzz.walk import Call, Walk, makes

READERS = ("gus", "olga", "aud", "ann")


@makes("home.show")
def home(walk: Walk) -> Call:
    return Call(token=walk.token(*READERS, walk.custodian()))


@makes("channel.list")
def channels(walk: Walk) -> Call:
    return Call(token=walk.token("olga", "aud"))


@makes("event.list")
def events(walk: Walk) -> Call:
    account = walk.pick("", walk.world.account)
    query = {"account": account, "limit": walk.number(1, 100), "before": walk.number(1, 90)}
    return Call(token=walk.token(*READERS), query=query)


@makes("event.download")
def downloaded(walk: Walk) -> Call:
    query = {"account": walk.world.account, "form": walk.pick("csv", "jsonl")}
    return Call(token=walk.token(*READERS), query=query)


@makes("event.proof")
def proof(walk: Walk) -> Call:
    return Call(token=walk.token("olga", "aud"), where={"seq": walk.number(0, 8)})


@makes("event.show")
def entry(walk: Walk) -> Call:
    return Call(token=walk.token("olga", "aud"), where={"seq": walk.number(0, 8)})


@makes("event.people")
def choices(walk: Walk) -> Call:
    return Call(token=walk.token(*READERS))


@makes("event.year")
def year(walk: Walk) -> Call:
    query = {"account": walk.pick("", walk.world.account), "actor": walk.pick("", "gus")}
    return Call(token=walk.token(*READERS), query=query)


@makes("checkpoint.kept")
def kept(walk: Walk) -> Call:
    return Call(token=walk.token(*READERS))


@makes("event.export")
def exported(walk: Walk) -> Call:
    return Call(token=walk.token("aud"))


@makes("leaf.list")
def leaves(walk: Walk) -> Call:
    query = {"start": walk.number(0, 8), "count": walk.number(1, 1000)}
    return Call(token=walk.token("aud"), query=query)


@makes("checkpoint.show")
def checkpoint(walk: Walk) -> Call:
    return Call(token=walk.token(*READERS), query={"seen": walk.number(0, 8)})


@makes("witness.list")
def witnesses(walk: Walk) -> Call:
    return Call(token=walk.token(*READERS))
