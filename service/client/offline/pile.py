"""The papers that someone has gathered: each checked at once, and named."""

from collections.abc import Sequence
from pathlib import Path

from service.client.cli.invocation import Invocation
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.client.offline.identity import age_lines
from service.client.offline.paperwords import read_paper, type_paper
from service.client.shares.combining import chosen_of, lacking, needed_of
from service.client.shares.opening import Holding, OpenedShare, open_paper
from service.client.trust.bundle import BundledSeal, VerifiedBundle
from service.domain.words import GROUPS


class Pile:
    """The papers that fitted, by the envelope that they are of."""

    def __init__(self, run: Invocation, bundle: VerifiedBundle, *, anchored: bool) -> None:
        self._run = run
        self._bundle = bundle
        self._anchored = anchored
        self._places = [place for sealed in bundle.envelopes for place in _places(sealed, bundle)]
        self._found: list[OpenedShare] = []

    def of(self, sealed: BundledSeal) -> Sequence[OpenedShare]:
        """Return the papers of one envelope."""
        return [p for p in self._found if p.holding.envelope.digest == sealed.envelope.digest]

    def gather(self, files: Sequence[Path]) -> BundledSeal:
        """Take papers from files, and typed ones until an envelope has enough; return that one.

        Raises:
            ClientRefusal: ``not-enough-shares``; a refusal of the first paper if none fitted.
        """
        refused: list[ClientRefusal] = []
        for path in files:
            try:
                self._add(read_paper(path))
            except ClientRefusal as wrong:
                self._run.terminal.warn(f"{path} is left out: {wrong.message}")
                refused.append(wrong)
        while (sealed := self._complete()) is None:
            if (refused or self._found) and not self._run.terminal.interactive:
                raise self._refusal(refused)
            try:
                self._add(type_paper(self._run))
            except ClientRefusal as wrong:
                if wrong.code == "needs-answer":
                    raise
                self._run.terminal.warn(f"{wrong.message}. {wrong.hint}".strip())
        return sealed

    def _complete(self) -> BundledSeal | None:
        for sealed in self._bundle.envelopes:
            roster = self._bundle.chain.named(sealed.envelope.roster)
            if chosen_of(self.of(sealed), needed_of(roster)) is not None:
                return sealed
        return None

    def _refusal(self, refused: Sequence[ClientRefusal]) -> ClientRefusal:
        if not self._found:
            return refused[0]
        return ClientRefusal("not-enough-shares", "; ".join(self._lacking()))

    def _lacking(self) -> Sequence[str]:
        newest = next(s for s in self._bundle.envelopes if self.of(s))
        roster = self._bundle.chain.named(newest.envelope.roster)
        return list(lacking(self.of(newest), needed_of(roster)))

    def _add(self, words: Sequence[str]) -> None:
        paper = open_paper(words, self._places)
        opened = paper.places
        if opened[0].share.mnemonic in {one.share.mnemonic for one in self._found}:
            self._run.terminal.note("This paper, or one with the same words, is there already.")
            return
        if not self._found:
            self._say_anchor()
        self._found += opened
        self._say(opened)
        for said in paper.wrong:
            self._run.terminal.warn(f"someone else's share has the same words: {said}")

    def _say_anchor(self) -> None:
        for line in age_lines(self._bundle, self._run.now()):
            self._run.terminal.note(line)
        if not self._anchored:
            self._run.terminal.warn(
                "nothing on this machine knows the account's people. A paper that fits shows that "
                "the bundle has the envelope it was printed from, and the roster that this was "
                "sealed for; every other name in it is only said"
            )

    def _say(self, opened: Sequence[OpenedShare]) -> None:
        place = opened[0].holding
        names = [one.holding.roster.members[one.holding.person].name for one in opened]
        whose = render.listing(names)
        if len(names) > 1:
            whose = f"one of {', '.join(map(render.one_line, names))}"
        version = f"of version {place.envelope.version}"
        newest = self._bundle.envelopes[0].envelope.version
        older = f"; version {newest} is newer" if place.envelope.version < newest else ""
        self._run.terminal.note(
            f"This is the paper of {whose}, {GROUPS[place.group]} group, {version}{older}."
        )
        for line in self._lacking() if self._complete() is None else ():
            self._run.terminal.note(f"  {line}")


def _places(sealed: BundledSeal, bundle: VerifiedBundle) -> list[Holding]:
    return [
        Holding(
            envelope=sealed.envelope,
            manifest=sealed.manifest.payload,
            roster=bundle.chain.named(sealed.envelope.roster),
            group=share.group,
            person=share.custodian,
        )
        for share in sealed.envelope.shares
    ]
