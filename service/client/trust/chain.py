"""Verifying an account's rosters: from the first one on, by people's signatures alone.

The whole room is pure. Each kind of lie that a service can tell is refused with a stable code of
its own; here:

* ``identity-missing``, ``identity-forged``: not every identity that a version names was brought,
  or one does not verify;
* ``roster-chain``: a version does not follow the one before, or lacks signatures;
* ``roster-forged``: a signature on a roster does not verify;
* ``roster-not-mine``: no version was signed by this person;
* ``keys-replaced``: the roster names this person with other keys;
* ``roster-rewound``: older than a roster this device has seen, or not descended from it;
* ``roster-unknown``: a statement names a roster that is not in the chain.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crypto import statement as statements
from crypto.errors import VerificationError
from crypto.identity import PublicKeys
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.client.trust.identities import verify_identities
from service.client.trust.statements import read
from service.domain.errors import IdentityMissingError, Refusal
from service.domain.people import Identities, Member
from service.domain.roster import (
    Roster,
    check_succession,
)
from service.domain.signers import (
    check_signed,
)
from service.wire.base import Dsse

Remembered = tuple[int, str]  # the highest roster version this device has seen, and its digest

_REWOUND = "warn the other custodians before you do anything"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedChain:
    """An account's rosters from the first to the newest, every signature verified.

    ``statements`` are the same versions as signed; ``identities`` those that they name, and
    perhaps others, each verified.
    """

    rosters: tuple[Roster, ...]
    statements: tuple[Statement, ...]
    identities: Identities

    @property
    def newest(self) -> Roster:
        """The roster in force."""
        return self.rosters[-1]

    def bears(self, version: int, keyid: str) -> bool:
        """Whether the person with this fingerprint (hex) has signed a version."""
        return any(s.keyid == keyid for s in self.statements[version - 1].signatures)

    def named(self, digest: str) -> Roster:
        """Return the version that a request or a manifest names.

        Raises:
            ClientRefusal: ``roster-unknown``; ``line-retired``: it ends the line, so nothing may
                name it.
        """
        for roster in self.rosters:
            if roster.digest != digest:
                continue
            if roster.retired:
                raise ClientRefusal(
                    "line-retired", "a statement names the roster that ended the line"
                )
            return roster
        raise ClientRefusal(
            "roster-unknown", "a statement names a roster that is not in the account's chain"
        )

    def name_of(self, person: str) -> str:
        """Return a person's name in the newest roster that names them, else their id."""
        for roster in reversed(self.rosters):
            if person in roster.members:
                return roster.members[person].name
        return person


def verify_chain(
    chain: Sequence[Dsse],
    identities: Sequence[Dsse],
    *,
    account: str,
    me: PublicKeys | str | None,
    remembered: Remembered | None,
    first: bool = False,
) -> VerifiedChain:
    """Verify a chain of rosters from version 1 on.

    With ``me`` (keys, or their fingerprint in hexadecimal), this person must have signed at least
    one version: that anchors the chain on a device without memory. ``first`` waives this for
    someone who is about to sign their first.

    Raises:
        ClientRefusal: ``malformed-statement``, ``unknown-suite``, ``identity-missing``,
            ``identity-forged``, ``roster-chain``, ``roster-forged``, ``roster-not-mine``,
            ``roster-rewound``.
    """
    if not chain:
        raise ClientRefusal("roster-chain", "the account has no roster that custodians have signed")
    rosters: list[Roster] = []
    signed: set[str] = set()
    parsed = tuple(read(dsse, "roster") for dsse in chain)
    known = verify_identities(identities)
    for statement in parsed:
        previous = rosters[-1] if rosters else None
        roster, keys = verify_version(statement, previous, known, account=account)
        rosters.append(roster)
        signed |= keys
    mine = me.keyid if isinstance(me, PublicKeys) else me
    if mine is not None and not first and mine not in signed:
        raise ClientRefusal(
            "roster-not-mine",
            "you have not signed any version of this account's roster",
            "stop here and speak to the other custodians: this may be another chain than yours",
        )
    verified = VerifiedChain(rosters=tuple(rosters), statements=parsed, identities=known)
    _check_memory(verified, remembered)
    return verified


def verify_version(
    statement: Statement, previous: Roster | None, identities: Identities, *, account: str
) -> tuple[Roster, frozenset[str]]:
    """Verify one version against the one before; return it and its signers' fingerprints.

    Raises:
        ClientRefusal: ``identity-missing``, ``roster-chain``, ``roster-forged``.
    """
    try:
        roster = roster_of(statement, identities)
        check_succession(roster, previous)
        signed = signing_keys(statement, roster, previous)
        check_signed(roster, previous, signed=signed.values())
    except Refusal as refused:
        version = statement.payload["version"]
        raise ClientRefusal("roster-chain", f"roster version {version}: {refused}") from None
    if roster.account != account:
        raise ClientRefusal("roster-chain", "the roster is of another account")
    return roster, frozenset(signed)


def roster_of(statement: Statement, identities: Identities) -> Roster:
    """Read a version, or a draft, with the verified identities that it names.

    Raises:
        ClientRefusal: ``identity-missing``.
        Refusal: it breaks a rule that needs no other facts.
    """
    try:
        return Roster.from_payload(statement.payload, statement.digest, identities)
    except IdentityMissingError:
        raise ClientRefusal(
            "identity-missing",
            f"roster version {statement.payload['version']} names someone whose identity the "
            "service did not bring",
        ) from None


def signing_keys(statement: Statement, roster: Roster, previous: Roster | None) -> dict[str, bytes]:
    """Return fingerprint and signing key of each signature on a roster, all verified.

    Raises:
        ClientRefusal: ``roster-forged``: a bad signature, or one by someone whom neither version
            names.
    """
    known = {_keys(m).keyid: _keys(m) for r in (previous, roster) if r for m in r.members.values()}
    found = {}
    for signature in statement.signatures:
        keys = known.get(signature.keyid)
        if keys is None:
            raise ClientRefusal("roster-forged", "a roster was signed by someone it does not name")
        try:
            statements.verify_signature_of(statement, keys)
        except VerificationError:
            raise ClientRefusal("roster-forged", "a signature on a roster is invalid") from None
        found[signature.keyid] = keys.signing_key
    return found


def _keys(member: Member) -> PublicKeys:
    return PublicKeys(encryption_key=member.encryption_key, signing_key=member.signing_key)


def _check_memory(chain: VerifiedChain, remembered: Remembered | None) -> None:
    if remembered is None:
        return
    version, digest = remembered
    if chain.newest.version < version:
        raise ClientRefusal(
            "roster-rewound",
            f"the service shows roster version {chain.newest.version}, but this device has seen "
            f"version {version}",
            _REWOUND,
        )
    if chain.rosters[version - 1].digest != digest:
        raise ClientRefusal(
            "roster-rewound",
            f"roster version {version} is not the one that this device has seen",
            _REWOUND,
        )


def check_my_keys(roster: Roster, person: str, me: PublicKeys) -> Member:
    """Return my entry in the roster, which must have exactly my keys.

    Raises:
        ClientRefusal: ``not-in-roster``, ``keys-replaced``.
    """
    member = roster.members.get(person)
    if member is None:
        raise ClientRefusal("not-in-roster", "the account's newest roster does not name you")
    if _keys(member) != me:
        raise ClientRefusal("keys-replaced", "the roster names you with keys that are not yours")
    return member
