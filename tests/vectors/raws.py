"""Cases for whole statements: the DSSE envelope around a payload, and who has signed it."""

import json
from collections.abc import Iterator
from typing import Any

from crypto.encoding import b64encode, canonical
from crypto.identity import PublicKeys
from crypto.statement import Statement, sign
from tests.cast import identity_of
from tests.vectors.envelopes import DERIVED
from tests.vectors.examples import AT, example_fields, roster

Case = dict[str, Any]


def signed(kind: str, name: str) -> Statement:
    signer = DERIVED.opening if kind == "papers" else identity_of(name)
    return sign(kind, example_fields()[kind], identity=signer, at=AT)


def _text(envelope: object) -> str:
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def raw_statements() -> Iterator[Case]:
    """Yield one signed statement of every kind, then envelopes that are refused."""
    for kind in example_fields():
        yield _good(f"{kind}/one-signature", signed(kind, "ann"))
    yield _good("roster/seven-signatures", roster())
    for label, raw in _bad_raws():
        yield {"id": f"refused/{label}", "raw": raw, "expect": "malformed"}


def _good(label: str, statement: Statement) -> Case:
    return {
        "id": label,
        "raw": statement.raw.decode(),
        "kind": statement.kind,
        "pae": statement.pae.hex(),
        "digest": statement.digest,
        "expect": "ok",
    }


def _bad_raws() -> Iterator[tuple[str, str]]:
    release = signed("release", "gus")
    raw = release.raw.decode()
    envelope = json.loads(raw)
    many = json.loads(roster().raw)
    signature = envelope["signatures"][0]
    short = {**signature, "sig": b64encode(bytes(63))}

    def changed(**fields: object) -> str:
        return _text({**envelope, **fields})

    yield "empty", ""
    yield "not-an-object", "[]"
    yield "white-space", raw.replace(":", ": ", 1)
    yield "line-end", raw + "\n"
    yield "byte-order-mark", "\ufeff" + raw
    yield "escaped-solidus", raw.replace("/", "\\/", 1)
    yield "surplus-field", changed(note="")
    yield "payload-missing", _text({k: v for k, v in envelope.items() if k != "payload"})
    yield "payload-empty", changed(payload="")
    yield "payload-loose-bits", changed(payload=envelope["payload"][:-2] + "R=")
    yield "payload-url-alphabet", changed(payload=envelope["payload"].replace("A", "_", 1))
    yield "payload-not-json", changed(payload=b64encode(b"release"))
    yield "payload-spaced", changed(payload=b64encode(release.body.replace(b":", b": ", 1)))
    yield "payload-null", changed(payload=None)
    yield "type-of-another-kind", raw.replace("breakglass.release", "breakglass.closure")
    yield "type-of-another-version", raw.replace(".v2+", ".v1+")
    yield "type-in-upper-case", raw.replace("application/", "Application/")
    yield "type-unknown", raw.replace("breakglass.release", "breakglass.vote")
    yield "no-signatures", changed(signatures=[])
    yield "signatures-null", changed(signatures=None)
    yield "two-signatures", changed(signatures=many["signatures"][:2])
    yield "signature-twice", changed(signatures=[signature, signature])
    yield "signature-surplus-field", changed(signatures=[{**signature, "cert": ""}])
    yield "signature-cut", changed(signatures=[short])
    yield "signature-empty", changed(signatures=[{**signature, "sig": ""}])
    yield "keyid-empty", changed(signatures=[{**signature, "keyid": ""}])
    yield (
        "keyid-upper-case",
        changed(signatures=[{**signature, "keyid": signature["keyid"].upper()}]),
    )
    yield "roster-unsorted", _text({**many, "signatures": many["signatures"][::-1]})
    yield "roster-signature-twice", _text({**many, "signatures": 2 * many["signatures"][:1]})
    yield "roster-unsigned", _text({**many, "signatures": []})
    yield "over-32-kib", changed(payload=b64encode(canonical({"reason": "x" * 32768})))


def verifications() -> Iterator[Case]:
    """Yield statements with the keys of somebody who has signed them, or has not."""
    release, other = signed("release", "gus"), signed("closure", "gus")
    forged = release.raw.replace(
        b64encode(release.signatures[0].sig).encode(), b64encode(other.signatures[0].sig).encode()
    )
    ann, gus, kim = (identity_of(name).public for name in ("ann", "gus", "kim"))
    claimed = release.raw.replace(gus.keyid.encode(), ann.keyid.encode())
    many = roster().raw
    spoiled = many.replace(
        b64encode(roster().signatures[0].sig).encode(),
        b64encode(roster().signatures[1].sig).encode(),
    )
    owner = next(
        identity_of(name).public
        for name in ("ann", "bob", "cem", "dea", "eli", "fay", "gus")
        if identity_of(name).public.keyid == roster().signatures[0].keyid
    )
    yield _verification("one/signer", "one", release.raw, gus, "ok")
    yield _verification("one/keyid-does-not-matter", "one", claimed, gus, "ok")
    yield _verification("one/somebody-else", "one", release.raw, ann, "unverified")
    yield _verification("one/keyid-proves-nothing", "one", claimed, ann, "unverified")
    yield _verification("one/signature-of-another-statement", "one", forged, gus, "unverified")
    yield _verification("one/of-many", "one", many, gus, "unverified")
    yield _verification("many/signer", "many", many, gus, "ok")
    yield _verification("many/another-signer", "many", many, ann, "ok")
    yield _verification("many/not-signed", "many", many, kim, "unverified")
    yield _verification("many/signature-of-another-person", "many", spoiled, owner, "unverified")


def _verification(label: str, rule: str, raw: bytes, public: PublicKeys, expect: str) -> Case:
    return {
        "id": label,
        "rule": rule,
        "raw": raw.decode(),
        "encryption_key": public.encryption_key.hex(),
        "signing_key": public.signing_key.hex(),
        "expect": expect,
    }
