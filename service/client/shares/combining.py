"""From delivered shares to the password: exactly as many as needed, each compared first."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crypto.errors import CryptoError
from crypto.opening import Content, open_envelope
from crypto.recipient import RecipientKey
from crypto.statement import Signer
from service.client.foundation.errors import ClientRefusal
from service.client.shares.opening import (
    Holding,
    OpenedShare,
    combine_shares,
    open_delivered,
    open_drill_reply,
)
from service.client.trust.release import DeliveredShare, VerifiedRelease
from service.domain.people import GroupName
from service.domain.roster import Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """What a quorum opened: ``used`` and ``bad`` are ids of custodians.

    ``bad`` are those whose share does not open, is not the one that the manifest commits to, says
    something else than the roster asks for, or is of another split than those used. ``keys_fit``:
    the secret gives the two public keys that the manifest states; else its sealer stated others.
    """

    content: Content = field(repr=False)
    keys_fit: bool
    used: tuple[str, ...]
    bad: tuple[str, ...]


def open_release(release: VerifiedRelease, key: RecipientKey) -> Revealed:
    """Open as many shares of each group as are needed, combine them, and decrypt.

    A share that is wrong in a way that ``Revealed`` names is left out under its custodian's name,
    and the next one is tried.

    Raises:
        ClientRefusal: ``not-enough-shares``: too few are good; ``does-not-open``: the good shares
            do not open the content.
    """
    found, manifest = _Found(release, key), release.manifest.payload
    while True:
        chosen = found.enough()
        try:
            opened = open_envelope(combine_shares(chosen), release.content, manifest)
        except CryptoError as refused:
            found.discard(chosen, refused)
            continue
        used = tuple(one.holding.person for one in chosen)
        return Revealed(
            content=opened.content,
            keys_fit=opened.keys_fit,
            used=used,
            bad=found.left_out(chosen),
        )


def chosen_of(
    good: Sequence[OpenedShare], needed: Mapping[GroupName, int], *, but: Collection[int] = ()
) -> Sequence[OpenedShare] | None:
    """Return exactly as many shares of one split as each group needs, password first.

    ``but`` are the identifiers of splits that opened nothing. None: no split has enough.
    """
    # No custodian can see that a sealer mixed two splits: each has one share.
    for split in dict.fromkeys(one.share.identifier for one in good):
        if split in but:
            continue
        chosen = [one for group in GroupName for one in _first(good, split, group, needed)]
        if len(chosen) == sum(needed.values()):
            return chosen
    return None


def _first(
    good: Sequence[OpenedShare], split: int, group: GroupName, needed: Mapping[GroupName, int]
) -> Sequence[OpenedShare]:
    of_group = [s for s in good if s.holding.group is group]
    return [s for s in of_group if s.share.identifier == split][: needed[group]]


class _Found:
    """The shares of one release that were opened so far, and those that are wrong."""

    def __init__(self, release: VerifiedRelease, key: RecipientKey) -> None:
        self._release = release
        self._key = key
        self._waiting = list(release.shares)
        self._good: list[OpenedShare] = []
        self._bad: list[str] = []
        self._discarded: dict[int, CryptoError] = {}  # by the identifier of a split

    def enough(self) -> Sequence[OpenedShare]:
        """Return exactly as many shares of one split as each group needs, password first.

        Raises:
            ClientRefusal: ``not-enough-shares``, or ``does-not-open`` if some were discarded.
        """
        while (chosen := self._of_one_split()) is None:
            if not self._waiting:
                raise self._refusal()
            # A share is opened only when it is needed: one of a group that still lacks some.
            share = next((s for s in self._waiting if self._lacks(s.group)), self._waiting[0])
            self._waiting.remove(share)
            self._open(share)
        return chosen

    def discard(self, chosen: Sequence[OpenedShare], refused: CryptoError) -> None:
        """Note that this split opens nothing; a sealer may have mixed it with one that does."""
        self._discarded[chosen[0].share.identifier] = refused

    def left_out(self, chosen: Sequence[OpenedShare]) -> tuple[str, ...]:
        """Return whose share is wrong: it did not pass, or is of another split than ``chosen``."""
        split = {one.share.identifier for one in chosen}
        foreign = (s.holding.person for s in self._good if s.share.identifier not in split)
        return (*self._bad, *foreign)

    def _open(self, share: DeliveredShare) -> None:
        holding, request = _holding(self._release, share), self._release.about.request
        try:
            self._good.append(open_delivered(share.blob, holding, request.digest, self._key))
        except ClientRefusal:
            self._bad.append(share.custodian)

    def _of_one_split(self) -> Sequence[OpenedShare] | None:
        return chosen_of(self._good, self._needed, but=self._discarded)

    def _lacks(self, group: GroupName) -> bool:
        of_group = [s for s in self._good if s.holding.group is group]
        [most] = Counter(s.share.identifier for s in of_group).most_common(1) or [(0, 0)]
        return most[1] < self._needed[group]

    @property
    def _needed(self) -> Mapping[GroupName, int]:
        return self._release.count.needed

    def _refusal(self) -> ClientRefusal:
        for refused in self._discarded.values():
            return ClientRefusal("does-not-open", f"the envelope does not open: {refused}")
        return ClientRefusal(
            "not-enough-shares",
            "; ".join(self._said()),
            "while the window is open, more custodians can still approve",
        )

    def _said(self) -> Iterator[str]:
        for group in GroupName:
            splits = Counter(s.share.identifier for s in self._good if s.holding.group is group)
            good = max(splits.values(), default=0)
            if good < self._needed[group]:
                yield (
                    f"the {group.value} group delivered {good} good shares and needs "
                    f"{self._needed[group]}"
                )
        for who in self._bad:
            yield f"the share of {_name(self._release, who)} is wrong"
        if len({one.share.identifier for one in self._good}) > 1:
            sealer = _name(self._release, self._release.envelope.sealer)
            yield f"the shares are of several splits, which only {sealer}, who sealed it, could mix"


def _holding(release: VerifiedRelease, share: DeliveredShare) -> Holding:
    return Holding(
        envelope=release.envelope,
        manifest=release.manifest.payload,
        roster=release.chain.named(release.envelope.roster),
        group=share.group,
        person=share.custodian,
    )


def check_drill(release: VerifiedRelease, key: RecipientKey) -> tuple[str, ...]:
    """Return the custodians whose drill reseal is wrong. A good one holds no share.

    Raises:
        ClientRefusal: ``no-drill``: the request is for the real password.
    """
    request = release.about.request
    if not request.drill:
        raise ClientRefusal("no-drill", "this request is not a drill")
    bad = []
    for share in release.shares:
        try:
            open_drill_reply(share.blob, _holding(release, share), request.digest, key)
        except CryptoError:
            bad.append(share.custodian)
    return tuple(bad)


def _name(release: VerifiedRelease, person: str) -> str:
    return release.chain.name_of(person)


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersOpened:
    """What papers opened; ``opener`` signs that someone did.

    ``used`` are the places whose papers they were: all of a group of which one share is enough.
    """

    revealed: Revealed
    used: tuple[Holding, ...]
    opener: Signer = field(repr=False)


def needed_of(roster: Roster) -> Mapping[GroupName, int]:
    """Return how many papers of each group open an envelope that was sealed for this roster."""
    return {name: group.threshold for name, group in roster.groups.items()}


def open_papers(papers: Sequence[OpenedShare], content: bytes) -> PapersOpened:
    """Combine the papers of one envelope and decrypt it; each split with enough of them is tried.

    Raises:
        ClientRefusal: ``not-enough-shares``, ``does-not-open``.
    """
    first = papers[0].holding
    needed = needed_of(first.roster)
    discarded: dict[int, CryptoError] = {}
    while (chosen := chosen_of(papers, needed, but=discarded)) is not None:
        try:
            opened = open_envelope(combine_shares(chosen), content, first.manifest)
        except CryptoError as refused:
            discarded[chosen[0].share.identifier] = refused
            continue
        split, combined = chosen[0].share.identifier, {one.share.mnemonic for one in chosen}
        foreign = (one.holding.person for one in papers if one.share.identifier != split)
        same = [one.holding for one in papers if one.share.mnemonic in combined]
        used = tuple(place for group in GroupName for place in same if place.group is group)
        revealed = Revealed(
            content=opened.content,
            keys_fit=opened.keys_fit,
            used=tuple(place.person for place in used),
            bad=tuple(foreign),
        )
        return PapersOpened(revealed=revealed, used=used, opener=opened.opening)
    for why in discarded.values():
        raise ClientRefusal("does-not-open", f"the envelope does not open: {why}")
    raise ClientRefusal("not-enough-shares", "; ".join(lacking(papers, needed)))


def lacking(papers: Sequence[OpenedShare], needed: Mapping[GroupName, int]) -> Iterator[str]:
    """Say how many papers of one split each group still lacks; nothing if there are enough."""
    found: dict[int, Counter[GroupName]] = {}
    for one in papers:
        found.setdefault(one.share.identifier, Counter())[one.holding.group] += 1
    best = max(found.values(), key=lambda count: sum((count & Counter(needed)).values()))
    for group in GroupName:
        if best[group] < needed[group]:
            yield f"the {group.value} group has {best[group]} of the {needed[group]} papers needed"
    if len(found) > 1:
        yield "the papers are of several splits, which only the sealer could mix"
