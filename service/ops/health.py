"""What the database shows of the installation's health: its clock, its channels, its accounts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from crypto.encoding import parse_time
from crypto.note import NoteVerifier
from crypto.statement import parse
from service.bootstrap import guard_of
from service.config import Settings
from service.domain.findings import Code
from service.domain.lines import aws_account
from service.domain.request import State
from service.domain.topic import Topic
from service.ops import lock
from service.ops.finding import Finding
from service.storage import accounts, backlog, envelopes, log, outbox, requests, rosters
from service.storage.database import Database
from service.storage.errors import StorageError
from service.storage.tables import StatementRow
from service.usecases.able import known
from service.usecases.accounts import drilled, findings_of
from service.usecases.channels import PATIENCE
from service.usecases.context import MAX_CLOCK_LAG
from service.web.finding_words import message

SAMPLE = 20  # statements whose times are compared with the log's
# Others may have been signed long before: rosters are drafted, and requests made without us.
POSTED_AT_ONCE = ("manifest", "custody-receipt", "cancellation", "closure", "review")
LEAST = 3  # fewer say more about one person's clock than about ours


def clock_findings(database: Database, read: Settings, now: datetime) -> Iterator[Finding]:
    """The clock against the log, and against the clocks of people."""
    with database.read() as session:
        head = log.head(session)
        ahead = _ahead_of_people(session)
    signed = _signed(read, head.verifier_key)
    last = head.last_at
    if last is not None and now < last - MAX_CLOCK_LAG:
        yield Finding(
            code="clock-behind",
            message=f"the clock is {_span(last - now)} behind the log's last event, and nothing "
            "can be written: set the clock, or, if the log's time is wrong, run "
            "'breakglass-ops clock accept'",
        )
    if ahead is not None and abs(ahead) > MAX_CLOCK_LAG:
        side = "ahead of" if ahead > timedelta() else "behind"
        yield Finding(
            code="clock-differs",
            message=f"the clock was {_span(abs(ahead))} {side} the clocks of the people who signed "
            "last: check the time service of this machine",
        )
    if last is not None and head.size > signed and now > last + PATIENCE:
        yield Finding(
            code="unsigned",
            message=f"no checkpoint covers the last {head.size - signed} entries of the log: is "
            "the service running?",
        )


def _signed(read: Settings, verifier_key: str) -> int:
    """How many entries the guard's checkpoint covers; what is wrong with it is said elsewhere."""
    try:
        checkpoint, _ = guard_of(read).read(NoteVerifier.from_vkey(verifier_key))
    except StorageError:
        return 0
    return checkpoint.size


def _ahead_of_people(session: Session) -> timedelta | None:
    """How far the log's time was ahead of the signers' own clocks, by the median of the last."""
    query = select(StatementRow).where(StatementRow.kind.in_(POSTED_AT_ONCE))
    rows = session.scalars(query.order_by(StatementRow.seq.desc()).limit(SAMPLE)).all()
    ahead = [row.at - _signed_at(row.raw) for row in rows]
    return timedelta(seconds=median(ahead)) if len(ahead) >= LEAST else None


def _signed_at(raw: bytes) -> int:
    return int(parse_time(parse(raw).payload["at"]).timestamp())


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    for size, unit in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"


def channel_findings(database: Database, read: Settings, now: datetime) -> Iterator[Finding]:
    """Whether anyone outside is notified, and what was not delivered."""
    if not read.sns_topic_arn:
        yield Finding(
            code="nobody-told",
            message="No SNS topic is set: unless an account has its own, no one outside is "
            f"notified. Notices go to {read.state_dir / 'notices.jsonl'}, which only this machine "
            "sees. Set "
            "BREAKGLASS_SNS_TOPIC_ARN to a topic in an account that is not protected here",
        )
    with database.read() as session:
        failing = [(row.channel, row.fault, row.since) for row in outbox.failing(session)]
        waits = backlog.count(session)
    for channel, fault, since in failing:
        yield Finding(
            code="channel-failing",
            message=f"notices to {channel} have failed since {_when(since)} ({fault}): fix the "
            "cause, then run 'breakglass-ops outbox retry'",
        )
    if waits.parked:
        yield Finding(
            code="parked",
            message=f"refused and parked: {_count(waits.parked, 'notice')}; tried again every "
            "hour. See 'breakglass-ops outbox list'",
        )
    if waits.oldest is not None and now > waits.oldest + PATIENCE:
        running = lock.is_held(read.state_dir / lock.WORKER)
        why = "" if running else "; no worker runs: start 'breakglass-ops serve' or 'worker'"
        waiting = _count(sum(waits.by_channel.values()), "notice")
        yield Finding(
            code="untold",
            message=f"waiting to be sent: {waiting}, the oldest for "
            f"{_span(now - waits.oldest)}{why}",
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _when(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def account_findings(database: Database, read: Settings, now: datetime) -> Iterator[Finding]:
    """What is wrong with each account, and which duties are due."""
    with database.read() as session:
        lately = drilled(session, now)
        people = known(session, rosters.all_newest(session), now)
        for row in accounts.everything(session):
            roster, sealed = rosters.newest(session, row.id), envelopes.current(session, row.id)
            named = f"account {row.id}" + (f" ({roster.name})" if roster else "")
            for found in findings_of(
                session,
                row.id,
                roster,
                sealed,
                channel=row.sns_topic_arn or read.sns_topic_arn,
                lately=lately,
                people=people,
            ):
                if found.code is not Code.NOBODY_TOLD or read.sns_topic_arn:
                    yield Finding(code=found.code.value, message=f"{named}: {message(found)}")
            yield from _duties(
                session, row.id, named, retired=roster is not None and roster.retired
            )
        yield from _circular_topics(session, read)


def _duties(session: Session, account: str, named: str, *, retired: bool) -> Iterator[Finding]:
    elsewhere = " in another line: this one is retired" if retired else ""
    for state, duty in (
        (State.ROTATION_DUE, f"the password must be changed and the new one sealed{elsewhere}"),
        (State.REVIEW_DUE, "both groups must review what was done"),
    ):
        due = requests.of_account(session, account, [state])
        if due:
            yield Finding(
                code=state.value.replace("_", "-"),
                message=f"{named}: {duty} (request {due[0].request.id})",
            )


def _circular_topics(session: Session, read: Settings) -> Iterator[Finding]:
    """Topics of one account that are in another protected one: both may fall together."""
    protected = {aws_account(row.id) for row in accounts.everything(session)}
    used = {row.sns_topic_arn for row in accounts.everything(session)} | {read.sns_topic_arn}
    for arn in sorted(used - {""}):
        owner = Topic.parse(arn).account
        if owner in protected:
            yield Finding(
                code="topic-in-protected-account",
                message=f"the topic {arn} is in account {owner}, which is protected here: anyone "
                "who is root there can silence it. Use a topic in another account",
            )
