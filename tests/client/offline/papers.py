"""What people have who keep papers: pages, and the words on them."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from crypto.encoding import b64encode, format_time
from crypto.statement import Statement
from service.wire.accounts import Bundle, BundledEnvelope, SealedShare
from tests.cast import ACCOUNT
from tests.client.devices import Device
from tests.client.honest import START, Sealed, brought, wire

SAID = ("--name", "Rob", "--place", "the vault", "--reason", "all keys are gone")


def printed(device: Device, *options: str) -> str:
    """The page that a custodian prints, through a descriptor."""
    out, into = os.pipe()
    device.do("paper", ACCOUNT, "--out-fd", str(into), *options)
    os.close(into)
    with os.fdopen(out) as file:
        return file.read()


def words_of(page: str) -> list[str]:
    """The 33 words of a page, in their order."""
    rows = re.findall(r"^ ?(?:\d+ [a-z]+ *)+$", page, re.MULTILINE)
    return re.findall(r"[a-z]+", " ".join(rows))


def saved(folder: Path, pages: Iterable[str]) -> list[str]:
    """Options that name each page in a file of its own."""
    options = []
    for number, page in enumerate(pages):
        path = folder / f"paper{number}.txt"
        path.write_text(page)
        options += ["--paper", str(path)]
    return options


def bundle_of(roster: Statement, *sealed: Sealed) -> bytes:
    """A bundle of envelopes under one roster, as a service without slots or checkpoint makes it."""
    return (
        Bundle(
            format="breakglass-bundle/2",
            account=ACCOUNT,
            made_at=format_time(START),
            chain=[wire(roster)],
            identities=brought(roster),
            envelopes=[_bundled(one) for one in sealed],
            slots=[],
            verifier_key="",
            checkpoint="",
            leaf=7,
        )
        .model_dump_json()
        .encode()
    )


def _bundled(sealed: Sealed) -> BundledEnvelope:
    shares = [
        {"group": s.group, "custodian": s.custodian, "sealed_share": b64encode(s.sealed)}
        for s in sealed.parts.shares
    ]
    return BundledEnvelope(
        id=sealed.statement.payload["envelope"],
        state="ready",
        leaf=5,
        entered_at=format_time(START),
        manifest=wire(sealed.statement),
        receipts=[],
        content=b64encode(sealed.parts.content),
        sealed_shares=[SealedShare.model_validate(share) for share in shares],
    )


def mnemonic(sealed: Sealed, name: str) -> str:
    """What is on someone's paper."""
    return sealed.mnemonic_of(name).reveal().decode()
