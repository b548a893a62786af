"""What must never reach the service, made again from people's own homes.

Only what a person has at home is used to open things: the phrase from its sheet, and with it the
request's key from the requester's folder. The ciphertexts come from the service's database.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from crypto.encoding import b64encode
from crypto.envelope import context, custody_info
from crypto.identity import Identity
from crypto.opening import open_envelope
from crypto.phrase import PhraseKeys, check_phrase, phrase_keys
from crypto.sharing import combine
from crypto.statement import parse
from crypto.suite import hkdf
from crypto.unlock import unwrap_root
from crypto.unseal import unseal
from service.client.device.requestkeys import KeptKey
from service.ops.organisation import email
from service.ops.stage import Player, Stage

Secrets = Mapping[str, bytes | str]
_SEPARATORS = {"spaces": " ", "lines": "\n", "JSON": '","', "loose JSON": '", "'}

_SLOT = """
SELECT p.id, s.id, s.salt, s.iterations, s.wrapped_root, i.signing_key
FROM person p JOIN slot s ON s.person = p.id JOIN identity i ON i.person = p.id
WHERE p.email = ? AND s.removed_at IS NULL AND i.replaced_at IS NULL
"""
_ENVELOPE = """
SELECT e.id, e.version, e.content, s.raw
FROM envelope e JOIN statement s ON s.digest = e.digest
"""
_SHARE = 'SELECT custodian, "group", blob FROM sealed_share WHERE envelope = ?'


class TreasureError(Exception):
    """A secret could not be made again: a hunt for less than all of them shows nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked:
    """A person with everything that their phrase opens."""

    person: str
    words: tuple[str, ...]
    keys: PhraseKeys
    identity: Identity

    def secrets(self, name: str) -> Iterator[tuple[str, bytes | str]]:
        """What belongs to this person alone."""
        for count in (len(self.words), len(self.words) - 1):
            for how, separator in _SEPARATORS.items():
                yield f"{name}'s {count} words with {how}", separator.join(self.words[:count])
        root = self.identity.root.reveal()
        yield f"{name}'s slot key", self.keys.slot_key.reveal()
        yield f"{name}'s root", root
        yield f"{name}'s signing seed", hkdf(root, b"bg1 identity signing")
        yield f"{name}'s encryption key", self.identity.encryption_private.reveal()


@dataclass
class Treasury:
    """All secrets of a stage. People are unlocked once; envelopes and requests come and go."""

    stage: Stage
    unlocked: dict[str, Unlocked] = field(default_factory=dict)

    def secrets(self) -> Secrets:
        """Everything that nobody but its owner may hold.

        Raises:
            TreasureError: something of it is missing.
        """
        found: dict[str, bytes | str] = {}
        with closing(self._database()) as database:
            for name, player in self.stage.players.items():
                if name not in self.unlocked:
                    self.unlocked[name] = _unlock(database, player)
                found |= self.unlocked[name].secrets(name)
            for envelope in database.execute(_ENVELOPE).fetchall():
                found |= self._envelope(database, *envelope)
        for name, player in self.stage.players.items():
            for path in (player.home / "breakglass" / "requests").glob("*.key"):
                kept = KeptKey.model_validate_json(path.read_bytes())
                key = kept.open(self.unlocked[name].identity.root)
                found[f"{name}'s key of request {path.stem}"] = key.private.reveal()
        return found

    def kept_out(self) -> Secrets:
        """What the server sees in passing and must not write down anywhere."""
        self.secrets()
        found: dict[str, bytes | str] = {}
        for name, player in self.stage.players.items():
            found[f"{name}'s sign-in key"] = self.unlocked[name].keys.sign_in_key.reveal()
            token = player.home / "breakglass" / "token"
            found[f"{name}'s session"] = token.read_text(encoding="ascii").strip()
        return found

    def _database(self) -> sqlite3.Connection:
        path = self.stage.state_dir / "breakglass.db"
        return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)

    def _envelope(
        self, database: sqlite3.Connection, number: str, version: int, content: bytes, raw: bytes
    ) -> dict[str, bytes | str]:
        by_person = {u.person: (name, u.identity) for name, u in self.unlocked.items()}
        manifest = parse(raw).payload
        bound = context(manifest)
        found: dict[str, bytes | str] = {}
        mnemonics = []
        for custodian, group, blob in database.execute(_SHARE, (number,)):
            name, identity = by_person[custodian]
            info = custody_info(bound, group, custodian)
            mnemonic = unseal(identity.encryption_private, info, blob).reveal().decode("ascii")
            mnemonics.append(mnemonic)
            for how, separator in _SEPARATORS.items():
                label = f"{name}'s share of envelope {version} with {how}"
                found[label] = mnemonic.replace(" ", separator)
        secret = combine(mnemonics)
        found[f"the secret of envelope {version}"] = secret.reveal()
        for what in ("content key", "opening", "code gate"):
            found[f"the {what} of envelope {version}"] = hkdf(
                secret.reveal(), f"bg1 {what}".encode()
            )
        opened = open_envelope(secret, content, manifest)
        found[f"the password of envelope {version}"] = opened.content.password
        return found


def _unlock(database: sqlite3.Connection, player: Player) -> Unlocked:
    row = database.execute(_SLOT, (email(player.name),)).fetchone()
    if row is None:
        raise TreasureError(f"{player.name} has no phrase slot")
    person, slot, salt, iterations, wrapped, signing_key = row
    words = check_phrase(Path(player.phrase_file).read_text(encoding="ascii"))
    keys = phrase_keys(words, salt, iterations)
    identity = Identity.from_root(unwrap_root(keys.slot_key, wrapped, person, slot))
    if b64encode(identity.public.signing_key) != signing_key:
        raise TreasureError(f"{player.name}'s phrase opens somebody else's root")
    return Unlocked(person=person, words=words, keys=keys, identity=identity)
