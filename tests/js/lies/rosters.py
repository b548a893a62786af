"""Who counts: every lie of ``tests.client.trust.test_lies_roster``, and what is honest there."""

from collections.abc import Sequence
from typing import Any

from crypto.statement import Signature, Statement
from tests.cast import somebody
from tests.client.honest import first_roster, second_roster
from tests.client.trust import test_lies_roster as table
from tests.js.lies.case import Case, chained

ANN = somebody("ann").identity.public.keyid


def chain(
    name: str, versions: Sequence[Statement], code: str = "", says: Any = None, **given: Any
) -> Case:
    told = chained(chain=list(versions), me=ANN) | given
    return Case(name, "verifyChain", told, code, says)


def summary(*versions: Statement) -> Any:
    newest = versions[-1]
    return {
        "version": len(versions),
        "digest": newest.digest,
        "remembered": [newest.payload["version"], newest.digest],
    }


def cases() -> list[Case]:
    first, second = first_roster(), second_roster(name="payments eu")
    other = second_roster(name="another branch")
    nell = somebody("nell").identity.public.keyid
    return [
        *(chain(lie.__name__, lie(), code) for lie, code in table.LIES),
        chain("the honest chain", [first, second], says=summary(first, second)),
        chain(
            "remembered", [first, second], remembered=[1, first.digest], says=summary(first, second)
        ),
        chain("a flipped bit", [flipped(first)], "roster-forged"),
        chain("another account's", [first], "roster-chain", account="999999999999"),
        chain("older than remembered", [first], "roster-rewound", remembered=[2, second.digest]),
        chain("another branch", [first, second], "roster-rewound", remembered=[2, other.digest]),
        chain("a stranger's", [first], "roster-not-mine", me=nell),
        chain("about to sign the first", [first], me=nell, first=True, says=summary(first)),
        *mine(),
        chain("one signature left out", [without(first, ANN)], "roster-chain"),
    ]


def flipped(first: Statement) -> Statement:
    bad = bytearray(first.signatures[0].sig)
    bad[40] ^= 1
    forged = Signature(keyid=first.signatures[0].keyid, sig=bytes(bad))
    return signed_with(first, forged, *first.signatures[1:])


def without(first: Statement, keyid: str) -> Statement:
    return signed_with(first, *(one for one in first.signatures if one.keyid != keyid))


def signed_with(first: Statement, *signatures: Signature) -> Statement:
    return Statement(kind=first.kind, payload=first.payload, body=first.body, signatures=signatures)


def mine() -> list[Case]:
    def keys(name: str, who: str, of: str, code: str = "", says: Any = None) -> Case:
        public = somebody(of).identity.public
        return Case(name, "checkMyKeys", chained(person=somebody(who).id, keys=public), code, says)

    return [
        keys("my own keys", "ann", "ann", says="ann"),
        keys("another's keys under my name", "ann", "bob", "keys-replaced"),
        keys("nobody whom the roster names", "nell", "nell", "not-in-roster"),
    ]
