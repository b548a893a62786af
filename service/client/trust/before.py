"""Before anything is signed: what of it is proved to stand in the log, and what follows from that.

The log's own growth is checked in ``growth``. Stable codes: ``not-yet-in-log`` (no signed
checkpoint covers an entry), ``request-over`` (this device's clock lies outside the request's
lifetime), ``clock-differs`` (a request's signed time is not that of its entry),
``request-before-epoch``, ``line-retired`` (entered after its line was ended), ``envelope-rewound``
(older than one that this device verified as ready), ``log-key-changed`` and ``wrong-log-key``
(another log key than a roster, or a draft, names).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from crypto.encoding import parse_time
from crypto.leaf import Leaf
from crypto.statement import Statement
from service.client.foundation import render
from service.client.trust.clocks import moment
from service.client.trust.entries import View, draft_entry, entry_of
from service.client.trust.findings import Finding, Weight, unseen_finding
from service.client.trust.growth import ALARM
from service.client.trust.outsiders import witnessed
from service.domain.events import Action
from service.domain.outsiders import NONE_WANTED, Outsiders
from service.domain.request import CLOCK_SLACK, fits_clock


class Act(StrEnum):
    """What a person is about to sign."""

    APPROVE = "approve"
    DENY = "deny"
    RELEASE = "release"
    CANCEL = "cancel"
    CLOSE = "close"
    REVIEW = "review"
    CONFIRM = "confirm"
    PAPER = "paper"
    ASK = "ask"
    SEAL = "seal"
    SIGN_ROSTER = "roster"


# A withheld or foreign log must not keep anyone from saying no.
UNBLOCKED = frozenset({Act.DENY, Act.CANCEL})
_HANDS_OVER = frozenset({Act.APPROVE, Act.RELEASE})
_IN_USE = _HANDS_OVER | {Act.CONFIRM, Act.PAPER}  # what an end of the line leaves open
_USES_ENVELOPE = frozenset({Act.APPROVE, Act.CONFIRM, Act.PAPER, Act.ASK, Act.SEAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an act is about, every signature of it verified.

    ``accepted`` are rosters whose acceptance must be proved: among them the newest where it ends
    the line. ``sealed`` are manifests, ``decisions``
    the approvals that make a quorum; ``drafted`` is a draft's digest. ``log_key`` is the one that
    the roster, or the draft, names. ``requester`` is a name for people. ``outsiders`` are the
    witnesses that the newest roster names.
    """

    act: Act
    account: str
    log_key: str
    accepted: tuple[Statement, ...] = ()
    sealed: tuple[Statement, ...] = ()
    request: Statement | None = None
    decisions: tuple[Statement, ...] = ()
    drafted: str = ""
    requester: str = ""
    outsiders: Outsiders = NONE_WANTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What this device knows: the views of this call, its clock, and its memory.

    ``epoch`` is the index of the newest epoch's first leaf, 0 if it knows none; ``ready`` version
    and digest of the newest envelope of the account that it verified as ready.
    """

    views: tuple[View, ...]
    now: datetime
    log_key: str
    epoch: int = 0
    ready: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``entered_at`` is the time of the request's proved leaf; ``proved`` digests of statements.

    ``unseen`` is that leaf where too few witnesses have seen it, and the act hands something over.
    """

    findings: tuple[Finding, ...]
    entered_at: datetime | None = None
    proved: frozenset[str] = field(default_factory=frozenset)
    unseen: Leaf | None = None


def judge(subject: Subject, sight: Sight) -> Verdict:
    """Return all that speaks against signing, hardest first."""
    entries = dict(_entries(subject, sight.views))
    missing = [what for what, leaf in entries.items() if leaf is None]
    proved = {statement.digest for statement, leaf in _with_leaves(subject, sight.views) if leaf}
    entry = entries.get(_REQUEST) if subject.request else None
    unseen = entry if entry and _lacks_outsiders(subject, sight.views, entry) else None
    findings = [
        *_key(subject, sight),
        *_epoch(subject, sight, entry),
        *_envelopes(subject, sight),
        *_ended(subject, sight.views, entries),
        *_not_yet(subject, missing),
        *_times(subject, sight.now, entry),
        *unseen_finding(unseen),
    ]
    findings.sort(key=lambda finding: [*Weight].index(finding.weight), reverse=True)
    return Verdict(
        findings=tuple(findings),
        entered_at=entry.at if entry else None,
        proved=frozenset(proved),
        unseen=unseen,
    )


_REQUEST = "the request"
_ACCEPTED = frozenset({Action.ROSTER_ACCEPTED.value})
_SEALED = frozenset({Action.ENVELOPE_SEALED.value})
_ASKED = frozenset({Action.REQUEST_OPENED.value, Action.REQUEST_IMPORTED.value})
_DECIDED = frozenset({Action.REQUEST_APPROVED.value, Action.REQUEST_DENIED.value})


def _entries(subject: Subject, views: Sequence[View]) -> Iterator[tuple[str, Leaf | None]]:
    """What must stand in the log for this act, in words, with its leaf where that is proved."""
    for statement in subject.accepted:
        version = statement.payload["version"]
        what = f"the acceptance of roster version {version}"
        yield what, entry_of(views, _ACCEPTED, subject.account, "", statement)
    for statement in subject.sealed:
        version = statement.payload["version"]
        what = f"envelope version {version}"
        yield what, entry_of(views, _SEALED, subject.account, "", statement)
    if subject.request is not None:
        number = subject.request.payload["request"]
        yield _REQUEST, entry_of(views, _ASKED, subject.account, number, subject.request)
    if subject.drafted:
        yield "the draft", draft_entry(views, subject.account, subject.drafted)


def _with_leaves(
    subject: Subject, views: Sequence[View]
) -> Iterator[tuple[Statement, Leaf | None]]:
    number = subject.request.payload["request"] if subject.request else ""
    for statement in subject.decisions:
        yield statement, entry_of(views, _DECIDED, subject.account, number, statement)


def _key(subject: Subject, sight: Sight) -> Iterator[Finding]:
    if sight.log_key in {"", subject.log_key}:  # empty: no checkpoint was ever had here
        return
    said = "names another key for the log than the one that this device watches"
    if subject.act is Act.SIGN_ROSTER:
        yield Finding(
            weight=Weight.REFUSED, code="wrong-log-key", sentence=f"the draft {said}", hint=ALARM
        )
        return
    yield Finding(
        weight=Weight.REFUSED, code="log-key-changed", sentence=f"the roster {said}", hint=ALARM
    )


def _epoch(subject: Subject, sight: Sight, entry: Leaf | None) -> Iterator[Finding]:
    if subject.act in _HANDS_OVER and entry is not None and entry.seq < sight.epoch:
        yield Finding(
            weight=Weight.REFUSED,
            code="request-before-epoch",
            sentence="an older copy of the log was restored after this request was entered: what "
            "was said of it since may be gone",
            hint="have the requester ask again",
        )


def _envelopes(subject: Subject, sight: Sight) -> Iterator[Finding]:
    if sight.ready is None or subject.act not in _USES_ENVELOPE:
        return
    version, digest = sight.ready
    for manifest in subject.sealed:
        shown = manifest.payload["version"]
        if shown < version or (shown == version and manifest.digest != digest):
            yield Finding(
                weight=Weight.REFUSED,
                code="envelope-rewound",
                sentence=f"this device has verified that envelope version {version} is ready; this "
                f"is another one, version {shown}",
                hint="ask the requester which envelope they mean, and warn the other custodians",
            )


def _ended(
    subject: Subject, views: Sequence[View], entries: Mapping[str, Leaf | None]
) -> Iterator[Finding]:
    """Refuse what was entered after its line was ended."""
    ends = [
        entry_of(views, _ACCEPTED, subject.account, "", statement)
        for statement in subject.accepted
        if statement.payload["retired"]
    ]
    if subject.act not in _IN_USE or not ends or ends[0] is None:
        return
    later = [what for what, leaf in entries.items() if leaf is not None and leaf.seq > ends[0].seq]
    if later:
        yield Finding(
            weight=Weight.REFUSED,
            code="line-retired",
            sentence="the account's own people had retired this line when the log took "
            + render.listing(later),
            hint="warn the other custodians: an honest service takes nothing new in such a line",
        )


def _not_yet(subject: Subject, missing: Sequence[str]) -> Iterator[Finding]:
    if not missing:
        return
    who = subject.requester or "someone who knows"
    yield Finding(
        weight=Weight.VOICE,
        code="not-yet-in-log",
        sentence=f"no signed checkpoint of the log shows {render.listing(missing)}",
        hint=f"hear {who} by voice before you go on: what the log does not show may be invented",
    )


def _times(subject: Subject, now: datetime, entry: Leaf | None) -> Iterator[Finding]:
    if subject.act is not Act.APPROVE or subject.request is None:
        return
    payload = subject.request.payload
    signed = parse_time(payload["at"])
    if entry is not None and not payload["offline"] and not fits_clock(signed, entry.at):
        yield Finding(
            weight=Weight.REFUSED,
            code="clock-differs",
            sentence=f"the request was signed at {moment(signed)} and entered at "
            f"{moment(entry.at)}: more than ten minutes apart",
            hint="have the requester set their clock and ask again",
        )
    # Without a proof only what was signed counts, and no time from the answer.
    entered = signed if entry is None else entry.at
    ends = entered + timedelta(seconds=payload["lifetime"])
    if not entered - CLOCK_SLACK <= now < ends:
        yield Finding(
            weight=Weight.CLOCK,
            code="request-over",
            sentence=_if_right(now, entered, ends),
            hint=f"hear {subject.requester} by voice before you go on, or set this device's clock",
        )


def _lacks_outsiders(subject: Subject, views: Sequence[View], entry: Leaf) -> bool:
    if subject.act not in _HANDS_OVER or subject.outsiders.wanted == 0:
        return False
    return all(witnessed(view.seen, subject.outsiders) <= entry.seq for view in views)


def _if_right(now: datetime, entered: datetime, ends: datetime) -> str:
    clocks = f"the request was entered at {moment(entered)}, and this device's clock says "
    clocks += f"{moment(now)}: if this device's clock is right, this request "
    if now >= ends:
        return f"{clocks}ended {render.duration(int((now - ends).total_seconds()))} ago"
    early = render.duration(int((entered - now).total_seconds()))
    return f"{clocks}was entered {early} from now"
