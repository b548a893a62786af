"""Comparing words by voice: what no service can do for people.

Eight words are 80 bits of a fingerprint. A person's words are hidden at first: four of them are
typed as that person reads them out. A roster's words are shown, and several people read them out.
"""

from collections.abc import Iterable, Mapping

from crypto.identity import PublicKeys
from crypto.spoken import roster_words
from service.client.cli.answerfile import read_table
from service.client.cli.invocation import Invocation
from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal
from service.domain.people import Member


def words_of_member(member: Member) -> tuple[str, ...]:
    """Return the eight words of a roster member's keys."""
    return PublicKeys(encryption_key=member.encryption_key, signing_key=member.signing_key).words


def compare_people(run: Invocation, members: Iterable[Member], words_file: str | None) -> None:
    """Compare each person's words with what they read out, or with a file of theirs.

    The file is a table from name or person id to eight words; anyone missing from it is asked.

    Raises:
        ClientRefusal: ``words-differ``; ``malformed-file``; ``needs-answer``.
    """
    given = _folded(read_table(words_file)) if words_file is not None else {}
    for member in members:
        said = given.get(member.person, given.get(member.name.casefold()))
        words = words_of_member(member)
        if said is None:
            name = render.one_line(member.name)
            run.terminal.note(f"\nThe keys of {name}: have them read their words to you.")
            run.terminal.hear_words(member.name, words, option="--words-file")
        elif said != words:
            raise ClientRefusal(
                "words-differ",
                f"the words of {render.one_line(member.name)} are different here",
                "do not sign: the service may have shown you someone else's keys",
            )


def compare_roster(run: Invocation, what: str, digest: str, given: str | None) -> None:
    """Have a roster's eight words compared with one custodian of each group.

    Needed on a device that has no checked memory: a service could show it an old roster.
    ``--yes`` does not answer this.

    Raises:
        ClientRefusal: ``words-differ``; ``not-confirmed``; ``needs-answer``.
    """
    words = roster_words(digest)
    if given is not None:
        if _split(given) != words:
            raise ClientRefusal(
                "words-differ",
                f"the words of {what} are different here",
                "do not go on: the service may show you another roster than it shows the others",
            )
        return
    run.terminal.note(f"\nThis device has not compared a roster of this account yet. {what}:")
    run.terminal.note(f"    {render.spoken(words)}")
    run.terminal.confirm(
        "Does one custodian of each group read the same eight words to you?",
        option="--digest-words",
    )


def _folded(table: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    return {name.casefold(): _words(name, value) for name, value in table.items()}


def _words(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return _split(value)
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return _split(" ".join(value))
    raise ClientRefusal("malformed-file", f"no words are given for {render.one_line(name)}")


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.lower().split())
