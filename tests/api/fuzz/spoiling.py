"""One thing about a good call that is changed: its body, what was signed, its path, its sender.

A changed statement is signed again by its own signer, so that it gets past the signature.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from crypto.encoding import b64decode, b64encode
from crypto.identity import Identity
from tests.api.changing import LEAVES, changed, places
from tests.api.fuzz.walk import Call, Walk
from tests.cast import EVERYBODY

Spoiled = tuple[Call, Any]


def by_body(walk: Walk, call: Call, content: Any) -> Spoiled:
    """One value in the body is another."""
    where = walk.draw(st.sampled_from(places(content)))
    return call, changed(content, where, _value(walk))


def by_statement(walk: Walk, call: Call, content: Any) -> Spoiled:
    """One signed value is another, and signed as well."""
    where = walk.draw(st.sampled_from([p for p in places(content) if _is_statement(content, p)]))
    return call, changed(content, where, _resigned(walk, _at(content, where)))


def by_path(walk: Walk, call: Call, content: Any) -> Spoiled:
    """The path names something else that exists, or that does not."""
    name = walk.draw(st.sampled_from(sorted(call.where)))
    if name == "seq":
        return replace(call, where={**call.where, name: walk.number(0, 10**6)}), content
    other = walk.draw(st.sampled_from(_of(walk, name)))
    return replace(call, where={**call.where, name: other}), content


def by_sender(walk: Walk, call: Call, content: Any) -> Spoiled:
    """Someone else sends it."""
    return replace(call, token=walk.token(*EVERYBODY)), content


def spoiled(walk: Walk, call: Call, content: Any) -> Spoiled:
    """One of these, where the call has such a part."""
    ways: list[Callable[[Walk, Call, Any], Spoiled]] = []
    if content:
        ways.append(by_body)
    if content and any(_is_statement(content, place) for place in places(content)):
        ways += [by_statement] * 3
    if call.where:
        ways.append(by_path)
    if call.token:
        ways.append(by_sender)
    if not ways:
        return call, content
    way: Callable[[Walk, Call, Any], Spoiled] = walk.draw(st.sampled_from(ways))
    return way(walk, call, content)


def _of(walk: Walk, name: str) -> list[str]:
    world = walk.world
    newest = world.manifests["newest"].payload
    known = {
        "account": [world.account, f"{world.account}.2"],
        "request": list(world.asked),
        "envelope": [newest["envelope"]],
        "digest": [world.roster.digest] if world.roster else [],
    }.get(name, [world.id(one) for one in EVERYBODY])
    return [*known, _nothing(name)]


def _nothing(name: str) -> str:
    if name == "digest":
        return "ab" * 32
    return "222222222222" if name == "account" else "11111111-1111-4111-8111-111111111111"


def _value(walk: Walk) -> object:
    found: object = walk.draw(st.sampled_from(LEAVES) | st.text(max_size=10))
    return found


def _plausible(walk: Walk, value: object) -> object:
    """Another value of the same kind, from this very world."""
    world = walk.world
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + walk.pick(-1, 1, 7)
    digests = [world.manifests["newest"].digest, world.roster.digest if world.roster else ""]
    digests += [asked.digest for asked in world.asked.values()]
    ids = [world.id(name) for name in EVERYBODY]
    others = [*digests, *ids, "", "password", "mfa", "approve", "deny", "rotation", "roster"]
    return walk.draw(st.sampled_from(others))


def _resigned(walk: Walk, dsse: dict[str, Any]) -> dict[str, Any]:
    payload = json.loads(b64decode(dsse["payload"]))
    where = walk.draw(st.sampled_from(places(payload)))
    value = _plausible(walk, _at(payload, where)) if walk.number(0, 3) else _value(walk)
    body = _json(changed(payload, where, value))
    keyid = dsse["signatures"][0]["keyid"]
    signer = next((i for i in _signers(walk) if i.public.keyid == keyid), None)
    if signer is None:
        return {**dsse, "payload": b64encode(body)}
    kind = dsse["payloadType"].encode()
    signed = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(body), body)
    signature = b64encode(signer.sign(signed))
    return {**dsse, "payload": b64encode(body), "signatures": [{"keyid": keyid, "sig": signature}]}


def _signers(walk: Walk) -> Iterator[Identity]:
    yield walk.prepared.nell.identity
    yield from (walk.world.who(name).identity for name in EVERYBODY)


def _json(payload: object) -> bytes:
    """Canonical also where our own encoder would refuse the value."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        errors="surrogatepass"
    )


def _at(content: Any, where: tuple[str | int, ...]) -> Any:
    for key in where:
        content = content[key]
    return content


def _is_statement(content: Any, where: tuple[str | int, ...]) -> bool:
    found = _at(content, where)
    return isinstance(found, dict) and "payloadType" in found
