"""Signing a roster: the chain it continues, what it changes, and whose keys it names."""

from dataclasses import dataclass, replace

from crypto import statement as statements
from crypto.encoding import b64decode
from crypto.identity import PublicKeys
from crypto.statement import sign_body, unsigned
from service.client.cli.acting import submit, unlocked
from service.client.cli.before import prove
from service.client.cli.consent import consent, reader
from service.client.cli.fetching import remember_chain
from service.client.cli.invocation import Invocation
from service.client.cli.newkey import submit_under
from service.client.cli.signing import posted
from service.client.cli.voice import compare_people, compare_roster
from service.client.device import memory
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.words import rosters as rosterwords
from service.client.foundation.words.consents import Context
from service.client.link.api import Api
from service.client.trust import contexts
from service.client.trust.before import Act, Subject
from service.client.trust.chain import VerifiedChain, roster_of, verify_chain
from service.client.trust.identities import verify_identities
from service.domain.people import Member
from service.domain.roster import (
    Roster,
    check_succession,
)
from service.domain.signers import (
    awaited_keys,
    new_members,
)
from service.wire.accounts import Rosters
from service.wire.base import Done, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft that follows ``chain``; no one vouches for it but those who sign it."""

    roster: Roster
    statement: statements.Statement
    chain: VerifiedChain | None

    @property
    def previous(self) -> Roster | None:
        """The newest roster in force."""
        return self.chain.newest if self.chain else None

    def trusted(self, run: Invocation, me: PublicKeys) -> Roster | None:
        """The newest version that I signed, or compared on this device."""
        if self.chain is None:
            return None
        for roster in reversed(self.chain.rosters):
            compared = memory.compared_by_voice(run.home, roster.account, [roster.digest])
            if compared or self.chain.bears(roster.version, me.keyid):
                return roster
        return None

    def compared(self, run: Invocation) -> bool:
        """Whether this device compared this draft by voice, or what it rightly descends from."""
        since = self.chain.rosters if self.chain else ()
        digests = [self.roster.digest, *(roster.digest for roster in since)]
        return memory.compared_by_voice(run.home, self.roster.account, digests)


def read_draft(run: Invocation, shown: Rosters, account: str, me: PublicKeys) -> Draft:
    """Verify the chain and that the draft is well-formed, of this account, and follows it.

    The chain must hold a roster that I signed, unless no version in it names me: then I am about
    to sign my first, and the voice check is what anchors it.

    Raises:
        ClientRefusal: ``no-draft``, ``draft-replaced``, ``not-awaited``; a code of ``trust.chain``.
        Refusal: the draft breaks a rule of rosters.
    """
    if shown.draft is None:
        raise ClientRefusal("no-draft", "this account has no draft to sign")
    chain = _chain(run, shown, account, me)
    statement = unsigned("roster", b64decode(shown.draft.payload))
    roster = roster_of(statement, verify_identities(shown.identities))
    if roster.account != account or roster.digest != shown.draft.digest:
        raise ClientRefusal("draft-replaced", "the service shows another draft than it names")
    draft = Draft(roster=roster, statement=statement, chain=chain)
    check_succession(roster, draft.previous)
    if me.signing_key not in awaited_keys(roster, draft.previous):
        raise ClientRefusal("not-awaited", "this draft does not need your signature")
    return draft


def _chain(run: Invocation, shown: Rosters, account: str, me: PublicKeys) -> VerifiedChain | None:
    seen = memory.seen_roster(run.home, account)
    if not shown.chain:
        if seen is not None:
            raise ClientRefusal(
                "roster-rewound",
                f"this device has seen roster version {seen[0]}; now the service shows none",
            )
        return None
    chain = verify_chain(shown.chain, shown.identities, account=account, me=None, remembered=seen)
    if any(_is(roster.members.get(run.config.person), me) for roster in chain.rosters):
        verify_chain(shown.chain, shown.identities, account=account, me=me, remembered=seen)
    return chain


def _is(member: Member | None, me: PublicKeys) -> bool:
    return member is not None and (member.encryption_key, member.signing_key) == (
        me.encryption_key,
        me.signing_key,
    )


def prove_draft(run: Invocation, api: Api, draft: Draft) -> None:
    """Prove that the log has the draft, and the acceptance of the version before it.

    Raises:
        ClientRefusal: a code of ``cli.before``, ``wrong-log-key`` among them.
    """
    subject = Subject(
        act=Act.SIGN_ROSTER,
        account=draft.roster.account,
        log_key=draft.roster.log_key,
        accepted=draft.chain.statements[-1:] if draft.chain else (),
        drafted=draft.roster.digest,
    )
    prove(run, api, subject)


def review(
    run: Invocation,
    draft: Draft,
    me: PublicKeys,
    *,
    words_file: str | None,
    digest_words: str | None,
    ends: str,
) -> None:
    """Compare by voice what only people can compare, then show the draft; ``ends``: what it ends.

    Raises:
        ClientRefusal: ``keys-replaced``, ``words-differ``, ``not-confirmed``, ``needs-answer``.
    """
    roster, person = draft.roster, run.config.person
    if person in roster.members and not _is(roster.members[person], me):
        raise ClientRefusal("keys-replaced", "the draft names you with keys that are not yours")
    trusted = draft.trusted(run, me)
    if digest_words is not None or not draft.compared(run):
        compare_roster(run, "The draft", roster.digest, digest_words)
    new = new_members(roster, trusted) - {person}
    members = sorted((roster.members[p] for p in new), key=lambda member: member.name)
    compare_people(run, members, words_file)
    _show_in_force(run, draft, trusted)
    context = replace(_context(run, draft, trusted), heard=sorted(new), ends=ends)
    consent(run, "roster", draft.statement.payload, context)
    run.terminal.confirm(f"Sign roster version {roster.version} of {roster.name}?")


def _context(run: Invocation, draft: Draft, trusted: Roster | None) -> Context:
    """Return what is known of the account besides the draft, and what changed since."""
    roster, signer = draft.roster, reader(run, draft.roster.account)
    if draft.chain is None:
        known = Context(account=roster.account, beside=signer.beside, source=signer.source)
    else:
        known = contexts.of_account(draft.chain, draft.chain.newest, signer)
    return replace(
        known,
        called=roster.name,
        since=trusted.version if trusted else 0,
        changes=rosterwords.changes(trusted, roster) if trusted else [],
    )


def _show_in_force(run: Invocation, draft: Draft, trusted: Roster | None) -> None:
    """Show what changed since the version in force, where that is not the one that I trust."""
    if draft.previous is None or trusted == draft.previous:
        return
    run.terminal.note(f"\nCompared with version {draft.previous.version}, which is in force:")
    for line in rosterwords.changes(draft.previous, draft.roster) or [
        "nothing that counts changes"
    ]:
        run.terminal.note(f"  {line}")


def sign_draft(run: Invocation, api: Api, draft: Draft, me: PublicKeys) -> Done:
    """Sign, post, and remember what was compared."""
    account, roster = draft.roster.account, draft.roster
    run.sight.demand()
    run.sight.demand_shown("roster", draft.statement.payload)
    signature = sign_body("roster", draft.statement.body, unlocked(run, api))

    def remember(done: Done) -> None:
        memory.remember_compared(run.home, account, roster.digest)
        if done.state == "accepted":
            shown = api.get(f"/accounts/{account}/rosters", Rosters)
            seen = memory.seen_roster(run.home, account)
            chain = verify_chain(
                shown.chain, shown.identities, account=account, me=me, remembered=seen
            )
            remember_chain(run, chain)
        elif draft.chain is not None:
            remember_chain(run, draft.chain)

    path = f"/accounts/{account}/rosters/{roster.digest}/signatures"
    body = Statement(statement=posted(run, signature))
    if run.sight.new_key:
        return submit_under(run, api, path, body, account=account, after=remember)
    return submit(run, api, path, body, after=remember)
