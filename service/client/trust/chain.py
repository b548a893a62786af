"""What a client believes: nothing but signatures of people, checked from the first roster on.

All of ``trust*`` is pure. A service that lies is refused with a stable code, one for each kind of
lie; here:

* ``malformed-statement``: not a statement, or one of another kind;
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
from crypto.encoding import canonical
from crypto.errors import CryptoError, VerificationError
from crypto.identity import PublicKeys
from crypto.statement import Statement
from service.client.foundation.errors import ClientRefusal
from service.domain.errors import Refusal
from service.domain.people import Member
from service.domain.roster import (
    Cause,
    Roster,
    check_signed,
    check_succession,
)
from service.wire.base import Dsse

Remembered = tuple[int, str]  # the highest roster version this device has seen, and its digest


def raw(dsse: Dsse) -> bytes:
    """Return the statement's bytes as they were signed and stored."""
    return canonical(dsse.model_dump())


def read(dsse: Dsse, kind: str) -> Statement:
    """Parse a statement of one kind. Nothing is verified yet.

    Raises:
        ClientRefusal: ``malformed-statement``.
    """
    try:
        statement = statements.parse(raw(dsse))
    except CryptoError as refused:
        raise ClientRefusal(
            "malformed-statement", f"the service sent a {kind}: {refused}"
        ) from None
    if statement.kind != kind:
        raise ClientRefusal(
            "malformed-statement", f"the service sent a {statement.kind} in place of a {kind}"
        )
    return statement


def signed_by(statement: Statement, member: Member | None, *, code: str, what: str) -> None:
    """Demand that exactly this member has signed.

    Raises:
        ClientRefusal: with ``code``: the roster names nobody for this, or the signature is bad.
    """
    if member is None:
        raise ClientRefusal(code, f"{what} was signed by somebody whom the roster does not name")
    try:
        statements.verify(statement, member.signing_key)
    except VerificationError:
        raise ClientRefusal(code, f"{what} was not signed by {member.name}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedChain:
    """An account's rosters from the first to the newest, every signature verified.

    ``statements`` are the same versions as signed; ``restarts`` are the versions that replaced
    their predecessor without its quorum: tell people, it calls for a new password.
    """

    rosters: tuple[Roster, ...]
    statements: tuple[Statement, ...]

    @property
    def newest(self) -> Roster:
        """The roster that counts now."""
        return self.rosters[-1]

    @property
    def restarts(self) -> tuple[int, ...]:
        """Versions that nobody of the version before had to sign."""
        return tuple(r.version for r in self.rosters if r.cause is Cause.RESTART)

    def remembered_by(self, keyid: str) -> Remembered:
        """What this person's device keeps, to refuse anything older.

        A restart that they did not sign is not kept, nor what stands on it until they have signed
        that: anybody could have made it up, and it would shut out the true chain for good.
        """
        since = self.since_restart(keyid)
        first = since[0].version
        foreign = first > 1 and not any(self.bears(r.version, keyid) for r in since)
        kept = self.rosters[first - 2] if foreign else self.newest
        return kept.version, kept.digest

    def bears(self, version: int, keyid: str) -> bool:
        """Whether a version bears the signature of the person with this fingerprint (hex)."""
        return any(s.keyid == keyid for s in self.statements[version - 1].signatures)

    def since_restart(self, keyid: str) -> tuple[Roster, ...]:
        """Return the versions from the last restart on that this person has not signed.

        A restart needs nobody of the version before it, so what a person has signed or compared
        earlier says nothing of the people in it. Without such a restart: the whole chain.
        """
        foreign = [v for v in self.restarts if not self.bears(v, keyid)]
        return self.rosters[foreign[-1] - 1 if foreign else 0 :]

    def named(self, digest: str) -> Roster:
        """Return the version that a statement names.

        Raises:
            ClientRefusal: ``roster-unknown``.
        """
        for roster in self.rosters:
            if roster.digest == digest:
                return roster
        raise ClientRefusal(
            "roster-unknown", "a statement names a roster that is not in the account's chain"
        )

    def name_of(self, person: str) -> str:
        """Return a person's name as the newest roster that has them gives it, else their id."""
        for roster in reversed(self.rosters):
            if person in roster.members:
                return roster.members[person].name
        return person


def verify_chain(
    chain: Sequence[Dsse],
    *,
    account: str,
    me: PublicKeys | str | None,
    remembered: Remembered | None,
    first: bool = False,
) -> VerifiedChain:
    """Verify a chain of rosters from version 1 on.

    With ``me`` (keys, or their fingerprint in hexadecimal), at least one version must bear this
    person's own signature: that anchors the chain on a device without memory. ``first`` waives it
    for somebody who is about to sign their first.

    Raises:
        ClientRefusal: ``malformed-statement``, ``roster-chain``, ``roster-forged``,
            ``roster-not-mine``, ``roster-rewound``.
    """
    if not chain:
        raise ClientRefusal("roster-chain", "the account has no roster that custodians have signed")
    rosters: list[Roster] = []
    signed: set[str] = set()
    parsed = tuple(read(dsse, "roster") for dsse in chain)
    for statement in parsed:
        previous = rosters[-1] if rosters else None
        roster, keys = verify_version(statement, previous, account=account)
        rosters.append(roster)
        signed |= keys
    mine = me.keyid if isinstance(me, PublicKeys) else me
    if mine is not None and not first and mine not in signed:
        raise ClientRefusal(
            "roster-not-mine",
            "no version of this account's roster was signed with your key: do not go on, and speak "
            "to your fellow custodians",
        )
    verified = VerifiedChain(rosters=tuple(rosters), statements=parsed)
    _check_memory(verified, remembered)
    return verified


def verify_version(
    statement: Statement, previous: Roster | None, *, account: str
) -> tuple[Roster, frozenset[str]]:
    """Verify one version against the one before; returns it and the fingerprints under it.

    Raises:
        ClientRefusal: ``roster-chain``, ``roster-forged``.
    """
    try:
        roster = Roster.from_payload(statement.payload, statement.digest)
        check_succession(roster, previous)
        signed = signing_keys(statement, roster, previous)
        check_signed(roster, previous, signed=signed.values())
    except Refusal as refused:
        version = statement.payload["version"]
        raise ClientRefusal("roster-chain", f"roster version {version}: {refused}") from None
    if roster.account != account:
        raise ClientRefusal("roster-chain", "the roster is another account's")
    return roster, frozenset(signed)


def signing_keys(statement: Statement, roster: Roster, previous: Roster | None) -> dict[str, bytes]:
    """Return fingerprint and signing key of each signature under a roster, all verified.

    Raises:
        ClientRefusal: ``roster-forged``: a bad signature, or one by nobody whom either names.
    """
    known = {_keys(m).keyid: _keys(m) for r in (previous, roster) if r for m in r.members.values()}
    found = {}
    for signature in statement.signatures:
        keys = known.get(signature.keyid)
        if keys is None:
            raise ClientRefusal("roster-forged", "a roster bears a signature of nobody it names")
        try:
            statements.verify_signature_of(statement, keys)
        except VerificationError:
            raise ClientRefusal("roster-forged", "a signature on a roster is not good") from None
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
            f"the service shows roster version {chain.newest.version}, and this device has seen "
            f"version {version}",
        )
    if chain.rosters[version - 1].digest != digest:
        raise ClientRefusal(
            "roster-rewound", f"roster version {version} is not the one this device has seen"
        )


def check_my_keys(roster: Roster, person: str, me: PublicKeys) -> Member:
    """Return me as the roster names me, with exactly the keys that I hold.

    Raises:
        ClientRefusal: ``not-in-roster``, ``keys-replaced``.
    """
    member = roster.members.get(person)
    if member is None:
        raise ClientRefusal("not-in-roster", "the account's newest roster does not name you")
    if _keys(member) != me:
        raise ClientRefusal("keys-replaced", "the roster names you with keys that are not yours")
    return member
