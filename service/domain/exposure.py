"""What was opened where no release says so: reports of papers, and envelopes of one password.

An envelope for a new roster may hold the password of the one before it. So what exposes one exposes
the later ones too, up to the first that was sealed as a ``rotation``.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import takewhile

from service.domain import errors
from service.domain.credential import Envelope
from service.domain.people import GroupName

MOST_REPORTS = 3
_ROTATION = "rotation"


def of_one_password(envelopes: Iterable[Envelope], opened: Envelope) -> tuple[Envelope, ...]:
    """Return the envelope that was opened and the later ones that may hold its password.

    ``envelopes`` are all of its account.
    """
    later = sorted((e for e in envelopes if e.version > opened.version), key=lambda e: e.version)
    return (opened, *takewhile(lambda e: e.cause != _ROTATION, later))


def share_password(envelopes: Iterable[Envelope], ready: Envelope) -> tuple[Envelope, ...]:
    """Return an envelope and the earlier ones whose password it may hold, newest first.

    If one of them was opened, this one is exposed as soon as it is in force.
    """
    found = [ready]
    earlier = sorted((e for e in envelopes if e.version < ready.version), key=lambda e: -e.version)
    for envelope in earlier:
        if found[-1].cause == _ROTATION:
            break
        found.append(envelope)
    return tuple(found)


def check_report(
    envelope: Envelope,
    papers: Iterable[Mapping[str, str]],
    *,
    digest: str,
    before: Collection[str],
) -> None:
    """Take a report, with this digest, of an envelope that was opened with papers.

    ``papers`` are the places that it names (``group``, ``custodian``), ``before`` the digests of
    the reports taken earlier: three at most, so that one who has the password cannot fill the log.

    Raises:
        ReplayedError: it is one of them.
        TooManyReportsError: there are three.
        WrongGroupError: the envelope has no share at a place that it names.
    """
    if digest in before:
        raise errors.ReplayedError
    if len(before) >= MOST_REPORTS:
        raise errors.TooManyReportsError
    if not {(GroupName(p["group"]), p["custodian"]) for p in papers} <= envelope.holders:
        raise errors.WrongGroupError("the report names a paper that the envelope does not have")
