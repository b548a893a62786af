"""What this device has seen, to notice a rollback: rosters by account, and the log's checkpoint.

``memory.json``: for each account the highest roster version and its digest, and which rosters were
compared by voice, and the newest envelope verified as ready; for each service the log's verifier
key, the newest checkpoint as the log signed it, and its epochs. A new device remembers nothing,
and the client says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from service.client.device.home import Home
from service.client.foundation.errors import ClientRefusal

_FILE = "memory.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLog:
    """A log's pinned verifier key and its newest checkpoint, a signed note; empty if none yet."""

    verifier_key: str
    checkpoint: str


def seen_roster(home: Home, account: str) -> tuple[int, str] | None:
    """Return version and digest of the newest roster that this device has accepted."""
    entry = _section(home.read_json(_FILE), "rosters").get(account)
    if entry is None:
        return None
    return int(entry["version"]), str(entry["digest"])


def remember_roster(home: Home, account: str, version: int, digest: str) -> None:
    """Remember a verified roster as the newest one seen.

    Raises:
        ClientRefusal: ``roster-rewound``: a newer one, or another of this version, was seen.
    """
    with home.locked():
        seen = seen_roster(home, account)
        if seen is not None and (version < seen[0] or (version == seen[0] and digest != seen[1])):
            raise ClientRefusal(
                "roster-rewound",
                f"this device has seen roster version {seen[0]} of account {account}; "
                f"the service now shows another one, version {version}",
                "warn the other custodians before you do anything",
            )
        if seen != (version, digest):
            _store(home, "rosters", account, {"version": version, "digest": digest})


def compared_by_voice(home: Home, account: str, digests: Iterable[str]) -> bool:
    """Whether one of these rosters, a chain's, was compared by voice on this device.

    What a device only read does not count: the service may have shown it an old roster.
    """
    return not _compared(home, account).isdisjoint(digests)


def remember_compared(home: Home, account: str, digest: str) -> None:
    """Remember that a roster, perhaps still a draft, was compared by voice."""
    with home.locked():
        known = _compared(home, account)
        if digest not in known:
            _store(home, "compared", account, {"digests": sorted(known | {digest})})


def _compared(home: Home, account: str) -> frozenset[str]:
    entry = _section(home.read_json(_FILE), "compared").get(account, {})
    return frozenset(entry.get("digests", ()))


def seen_log(home: Home, server: str) -> SeenLog | None:
    """Return what this device knows of the log of the service at ``server``."""
    entry = _section(home.read_json(_FILE), "logs").get(server)
    if entry is None:
        return None
    return SeenLog(verifier_key=str(entry["verifier_key"]), checkpoint=str(entry["checkpoint"]))


def remember_log(home: Home, server: str, log: SeenLog) -> None:
    """Remember a verified checkpoint; the caller holds ``home.locked()`` since it compared."""
    _store(home, "logs", server, {"verifier_key": log.verifier_key, "checkpoint": log.checkpoint})


def keep_given_up(home: Home, server: str, checkpoint: str) -> None:
    """Keep a checkpoint that the log no longer continues: it proves what was given up.

    The caller holds ``home.locked()``.
    """
    known = given_up(home, server)
    if checkpoint not in known:
        _store(home, "given_up", server, {"checkpoints": [*known, checkpoint]})


def known_epochs(home: Home, server: str) -> frozenset[str]:
    """Return what the epochs that this device has seen in the log give up, as notes."""
    entry = _section(home.read_json(_FILE), "epochs").get(server, {})
    return frozenset(entry.get("given_up", ()))


def epoch_began(home: Home, server: str) -> int:
    """Return the index of the first leaf of the newest epoch that this device knows, or 0."""
    return int(_section(home.read_json(_FILE), "epochs").get(server, {}).get("began", 0))


def remember_epochs(home: Home, server: str, notes: Iterable[str], began: int) -> None:
    """Remember epochs: they explain no loss of what this device sees from now on.

    ``began`` is the index of the newest one's first leaf. The caller holds ``home.locked()``.
    """
    known = known_epochs(home, server)
    if not known.issuperset(notes):
        newest = max(began, epoch_began(home, server))
        entry = {"given_up": sorted(known.union(notes)), "began": newest}
        _store(home, "epochs", server, entry)


def ready_envelope(home: Home, account: str) -> tuple[int, str] | None:
    """Return version and manifest of the newest envelope that this device verified as ready."""
    entry = _section(home.read_json(_FILE), "ready").get(account)
    return None if entry is None else (int(entry["version"]), str(entry["manifest"]))


def remember_ready(home: Home, account: str, version: int, manifest: str) -> None:
    """Remember an envelope of which threshold receipts of both groups were verified."""
    with home.locked():
        known = ready_envelope(home, account)
        if known is None or known[0] < version:
            _store(home, "ready", account, {"version": version, "manifest": manifest})


def forget_ready(home: Home) -> None:
    """Forget all of them: an accepted epoch may have given up what made them ready.

    The caller holds ``home.locked()``.
    """
    data = home.read_json(_FILE) or {}
    if data.pop("ready", None) is not None:
        home.write_json(_FILE, data)


def given_up(home: Home, server: str) -> list[str]:
    """Return the checkpoints of a service's log that this device saw and that were given up."""
    return list(_section(home.read_json(_FILE), "given_up").get(server, {}).get("checkpoints", ()))


def _store(home: Home, section: str, name: str, entry: dict[str, Any]) -> None:
    data = home.read_json(_FILE) or {}
    data[section] = {**_section(data, section), name: entry}
    home.write_json(_FILE, data)


def _section(data: dict[str, Any] | None, name: str) -> dict[str, Any]:
    section = (data or {}).get(name, {})
    return section if isinstance(section, dict) else {}
