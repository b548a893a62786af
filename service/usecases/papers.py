"""Reports of envelopes that were opened with papers, from anyone who holds their secret.

No session proves more than the signature does: the signer has the password.
"""

from crypto.opener import verify_opener
from crypto.statement import Statement
from service.domain.credential import Envelope, event, expose
from service.domain.events import Action
from service.domain.exposure import check_report
from service.storage import accounts, envelopes, statements
from service.usecases.context import Context, Unit
from service.usecases.exposure import expose_opened
from service.usecases.signing import received
from service.wire.base import Done
from service.wire.base import Statement as StatementBody


def take_report(ctx: Context, body: StatementBody) -> Done:
    """Write down that an envelope was opened with papers, and expose what it opened.

    Any manifest that was ever entered, superseded or not; at most three reports for each.

    Raises:
        NotFoundError: no such manifest. VerificationError: its opening key did not sign.
        ReplayedError, TooManyReportsError, WrongGroupError: see ``check_report``.
    """
    report = received(body.statement, "papers")
    with ctx.read() as unit:
        _checked(unit, report)  # first without a lock, so that a stranger holds none
    with ctx.write() as unit:
        accounts.lock_of_manifest(unit.session, report.payload["manifest"])
        opened = _checked(unit, report)
        after, _ = expose(opened, why="papers")
        [leaf, *_] = unit.record(
            event(Action.OFFLINE_PAPERS, after, statement=report.raw),
            *expose_opened(unit.session, opened, why="papers"),
            about=opened.digest,
        )
    return Done(id=after.id, state=after.state.value, leaf=leaf, receipt=ctx.receipt(leaf))


def _checked(unit: Unit, report: Statement) -> Envelope:
    envelope = envelopes.by_manifest(unit.session, report.payload["manifest"]).envelope
    verify_opener(report, envelope.opening_key)
    known = [r.statement for r in statements.about(unit.session, envelope.digest)]
    check_report(
        envelope,
        report.payload["papers"],
        digest=report.digest,
        before={statement.digest for statement in known if statement.kind == "papers"},
    )
    return envelope
