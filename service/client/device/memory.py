"""What this device has seen, to notice a rollback: rosters by account, and the log's checkpoint.

``memory.json``: for each account the highest roster version and its digest, and which rosters were
compared by voice, and the newest envelope verified as ready; for each service the log's verifier
key, the newest checkpoint as the log signed it, its epochs, and which of its entries this device
acted on before witnesses had seen them (``device.unseen``). A new device remembers nothing but
what its owner's own newest statement says of the log; without one, the client says so.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from crypto.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from crypto.encoding import b64encode
from crypto.errors import CryptoError
from crypto.note import NoteVerifier
from service.client.device.home import Home
from service.client.foundation.errors import ClientRefusal

_FILE = "memory.json"
_FORMS: Mapping[str, Mapping[str, type]] = {  # a list is one of texts
    "rosters": {"version": int, "digest": str},
    "compared": {"digests": list},
    "logs": {"verifier_key": str, "checkpoint": str},
    "epochs": {"given_up": list},
    "began": {"leaf": int},
    "ready": {"version": int, "manifest": str},
    "given_up": {"checkpoints": list},
    "unseen": {"leaf": int, "request": str, "since": int, "keys": list, "wanted": int},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLog:
    """What a log has to continue: its newest checkpoint seen here, a note, under the pinned key.

    Before the first look at a log its key is empty, and ``checkpoint`` is the head that the owner's
    own newest statement names: a checkpoint's text without its origin.
    """

    verifier_key: str
    checkpoint: str

    @classmethod
    def of_head(cls, size: int, root: bytes) -> "SeenLog":
        """Remember a head of ``size`` leaves, before any checkpoint."""
        return cls(verifier_key="", checkpoint=f"\n{size}\n{b64encode(root)}\n")

    @property
    def size(self) -> int:
        """How many leaves it has; only of what ``seen_log`` returned."""
        return int(self.checkpoint.split("\n")[1])

    def opened(self, verifier: NoteVerifier) -> Checkpoint:
        """Return the checkpoint that ``verifier``'s log has to continue.

        Raises:
            MalformedError, VerificationError: it is none of that log.
        """
        if self.verifier_key:
            return open_checkpoint(self.checkpoint, verifier)
        return parse_checkpoint(verifier.name + self.checkpoint)


def seen_roster(home: Home, account: str) -> tuple[int, str] | None:
    """Return version and digest of the newest roster that this device has accepted."""
    entry = _entry(home, "rosters", account)
    return (entry["version"], entry["digest"]) if entry else None


def known_accounts(home: Home) -> list[str]:
    """Return the accounts, line by line, of which this device has accepted a roster."""
    return sorted(_section(home, "rosters"))


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
    entry = _entry(home, "compared", account)
    return frozenset(entry["digests"] if entry else ())


def seen_log(home: Home, server: str) -> SeenLog | None:
    """Return what this device knows of the log of the service at ``server``.

    Raises:
        ClientRefusal: ``home-damaged``, ``home-open``.
    """
    entry = _entry(home, "logs", server)
    if entry is None:
        return None
    seen = SeenLog(**entry)
    try:
        if seen.verifier_key:
            seen.opened(NoteVerifier.from_vkey(seen.verifier_key))
        else:
            parse_checkpoint("a log" + seen.checkpoint)
    except CryptoError as refused:  # it was verified before it was kept: no doing of the log's
        raise home.damaged(_FILE, f"the checkpoint of {server}: {refused}") from None
    return seen


def pinned_log(home: Home, server: str) -> SeenLog | None:
    """Return the same, but nothing where no checkpoint was verified here yet.

    Raises:
        ClientRefusal: as :func:`seen_log`.
    """
    seen = seen_log(home, server)
    return seen if seen and seen.verifier_key else None


def remember_log(home: Home, server: str, log: SeenLog) -> None:
    """Remember what was verified; the caller holds ``home.locked()`` since it compared."""
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
    entry = _entry(home, "epochs", server)
    return frozenset(entry["given_up"] if entry else ())


def epoch_began(home: Home, server: str) -> int:
    """Return the index of the first leaf of the newest epoch that this device knows, or 0."""
    entry = _entry(home, "began", server)
    return int(entry["leaf"]) if entry else 0


def remember_epochs(home: Home, server: str, notes: Iterable[str], began: int) -> None:
    """Remember epochs: they explain no loss of what this device sees from now on.

    ``began`` is the index of the newest one's first leaf. The caller holds ``home.locked()``.
    """
    known = known_epochs(home, server)
    if not known.issuperset(notes):
        _store(home, "epochs", server, {"given_up": sorted(known.union(notes))})
    if began > epoch_began(home, server):
        _store(home, "began", server, {"leaf": began})


def ready_envelope(home: Home, account: str) -> tuple[int, str] | None:
    """Return version and manifest of the newest envelope that this device verified as ready."""
    entry = _entry(home, "ready", account)
    return (entry["version"], entry["manifest"]) if entry else None


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
    entry = _entry(home, "given_up", server)
    return list(entry["checkpoints"] if entry else ())


def entries(home: Home, section: str, beginning: str) -> Mapping[str, dict[str, Any]]:
    """Return a section's entries whose names begin so, each of exactly its form.

    Raises:
        ClientRefusal: ``home-damaged``; ``home-open``.
    """
    names = [name for name in _section(home, section) if name.startswith(beginning)]
    found = {name: _entry(home, section, name) for name in names}
    return {name: entry for name, entry in found.items() if entry is not None}


def keep_entry(home: Home, section: str, name: str, entry: dict[str, Any]) -> None:
    """Keep an entry of a section's form. The caller holds ``home.locked()``."""
    _store(home, section, name, entry)


def drop_entries(home: Home, section: str, names: AbstractSet[str]) -> None:
    """Forget entries. The caller holds ``home.locked()``."""
    known = _section(home, section)
    if known.keys() & names:
        data = home.read_json(_FILE) or {}
        data[section] = {name: entry for name, entry in known.items() if name not in names}
        home.write_json(_FILE, data)


def _store(home: Home, section: str, name: str, entry: dict[str, Any]) -> None:
    data, known = home.read_json(_FILE) or {}, _section(home, section)
    if known.get(name) == entry:
        return  # most looks at the log find nothing new
    data[section] = {**known, name: entry}
    home.write_json(_FILE, data)


def _entry(home: Home, section: str, name: str) -> dict[str, Any] | None:
    """Return one entry, of exactly its form, or None.

    Raises:
        ClientRefusal: ``home-damaged``: it has another form; ``home-open``.
    """
    entry = _section(home, section).get(name)
    if entry is None:
        return None
    form = _FORMS[section]
    if not (
        isinstance(entry, dict)
        and entry.keys() == form.keys()
        and all(_is(entry[field], kind) for field, kind in form.items())
    ):
        raise home.damaged(_FILE, f"'{section}' has something else for {name}")
    return entry


def _is(value: object, kind: type) -> bool:
    if kind is list:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return type(value) is kind  # not isinstance: True is an int there


def _section(home: Home, name: str) -> dict[str, Any]:
    section = (home.read_json(_FILE) or {}).get(name, {})
    if not isinstance(section, dict):
        raise home.damaged(_FILE, f"'{name}' is not an object")
    return section
