"""A true history changed: what a test makes of the real service's leaves."""

import dataclasses
from collections.abc import Mapping

from crypto import statement as statements
from crypto.leaf import Detail, Leaf
from crypto.statement import Signature
from tests.client.audit.exports import Rewrite, leaves, place


def changed(index: int, **changes: object) -> Rewrite:
    def rewrite(written: list[Leaf]) -> list[Leaf]:
        written[index] = dataclasses.replace(written[index], **changes)  # type: ignore[arg-type]
        return written

    return rewrite


def saying(index: int, **details: Detail) -> Rewrite:
    said: Mapping[str, Detail] = {**leaves()[index].details, **details}
    return changed(index, details=said)


def without(*indexes: int) -> Rewrite:
    return lambda written: [leaf for leaf in written if leaf.seq not in indexes]


def moved(index: int, to: int) -> Rewrite:
    def rewrite(written: list[Leaf]) -> list[Leaf]:
        leaf = dataclasses.replace(written.pop(index), at=written[to].at)
        return [*written[:to], leaf, *written[to:]]

    return rewrite


def again(index: int, at: int) -> Rewrite:
    def rewrite(written: list[Leaf]) -> list[Leaf]:
        leaf = dataclasses.replace(written[index], at=written[at - 1].at)
        return [*written[:at], leaf, *written[at:]]

    return rewrite


def forged(index: int) -> Rewrite:
    """The statement's first signature is changed by one bit."""

    def rewrite(written: list[Leaf]) -> list[Leaf]:
        statement = statements.parse(written[index].statement)
        first = statement.signatures[0]
        bad = bytes([*first.sig[:50], first.sig[50] ^ 1, *first.sig[51:]])
        signatures = (Signature(keyid=first.keyid, sig=bad), *statement.signatures[1:])
        changed_ = dataclasses.replace(statement, signatures=signatures)
        written[index] = dataclasses.replace(written[index], statement=changed_.raw)
        return written

    return rewrite


def released() -> int:
    return place("request:released")


def approvals_before(index: int) -> list[int]:
    request = leaves()[index].request
    return [
        leaf.seq
        for leaf in leaves()[:index]
        if leaf.action == "request:approved" and leaf.request == request
    ]
