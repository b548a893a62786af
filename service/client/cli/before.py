"""Before anything is signed: every act asks here, before its question and before a share is opened.

What is not proved is a second press, which ``--yes`` does not answer. Saying no is never kept from
anyone: its alarms are shown, and it goes on.
"""

from dataclasses import replace

from crypto.statement import Statement
from service.client.cli.fetching import see
from service.client.cli.foreign import check_asked_here, without_proved_foreign
from service.client.cli.invocation import Invocation
from service.client.cli.outsiders import AGAIN_AFTER, remember
from service.client.device import memory
from service.client.foundation.errors import ClientRefusal
from service.client.link.api import Api
from service.client.trust.before import UNBLOCKED, Act, Sight, Subject, Verdict, judge
from service.client.trust.chain import VerifiedChain
from service.client.trust.findings import Finding, Weight
from service.client.trust.findings import withheld as withheld_finding
from service.client.trust.release import count_quorum
from service.client.trust.shown import ShownRequest
from service.client.trust.statements import read
from service.domain.case import AFTER_ALL
from service.domain.request import CLOCK_SLACK
from service.wire.whole import Case

_OWN_WORDS = frozenset({"request-over"})  # a consent finds it by itself
_ANSWERS = {Weight.CLOCK: "despite_clock", Weight.VOICE: "heard"}


def prove(run: Invocation, api: Api, subject: Subject) -> Verdict:
    """Hold what is about to be signed against the log that this device has just verified.

    Raises:
        ClientRefusal: a code of ``trust.before``; ``not-confirmed``. Nothing was posted.
    """
    verdict = judge(subject, _sight(run, api, subject.account))
    for finding in verdict.findings:
        meet(run, finding, blocks=subject.act not in UNBLOCKED)
    run.sight.held = True
    return verdict


def prove_request(run: Invocation, api: Api, act: Act, shown: ShownRequest) -> ShownRequest:
    """Do the same for an act on a request, and return it with the time of its proved entry.

    Where nothing proves the entry, time counts from what its requester signed.

    Raises:
        ClientRefusal: as :func:`prove`.
    """
    about, chain = shown.about, shown.chain
    whole = act in {Act.APPROVE, Act.DENY}
    entries = [read(entered.statement, "decision") for entered in shown.detail.decisions]
    subject = Subject(
        act=act,
        account=about.request.account,
        log_key=chain.newest.log_key,
        accepted=(
            *((chain.statements[about.roster.version - 1],) if whole else ()),
            *(_end_of(chain) if act in {Act.APPROVE, Act.RELEASE} else ()),
        ),
        sealed=(shown.manifest,) if whole else (),
        request=about.statement,
        decisions=tuple(entries) if act is Act.RELEASE else (),
        requester=chain.name_of(about.request.requester),
        outsiders=chain.newest.outsiders,
    )
    ask_again(run, api, shown.detail.id, subject)
    shown = without_proved_foreign(run, shown)
    if act is Act.APPROVE:
        check_asked_here(shown)
    verdict = prove(run, api, subject)
    remember(run, api, shown.detail.id, verdict, subject.outsiders)
    if act is Act.RELEASE:
        _check_quorum(run, shown, verdict)
    entered_at = verdict.entered_at or about.signed_at
    request = replace(about.request, entered_at=entered_at)
    return replace(shown, about=replace(about, request=request))


def ask_again(run: Invocation, api: Api, request: str, subject: Subject) -> None:
    """Look again after 3 and 10 seconds, where too few witnesses have seen a young entry.

    One that is older than their patience will not be seen within seconds. Where no answer comes
    the act goes on with what is known: a witness never keeps anyone from it.

    Raises:
        ClientRefusal: a code of ``checkpoints.check_log``.
    """
    for seconds in AGAIN_AFTER:
        entry = judge(subject, _sight(run, api, subject.account)).unseen
        if entry is None or run.now() - entry.at >= CLOCK_SLACK:
            return
        run.terminal.note("Asking whether an outsider has seen this entry of the log …")
        run.pause(seconds)
        try:
            see(run, api, f"/requests/{request}/case", Case)
        except ClientRefusal as refused:
            if refused.code.startswith("log-"):
                raise
            return


def is_entered(run: Invocation, api: Api, shown: ShownRequest) -> bool:
    """Whether the log proves that exactly this request was entered."""
    subject = Subject(
        act=Act.CLOSE,
        account=shown.about.request.account,
        log_key=shown.chain.newest.log_key,
        request=shown.about.statement,
    )
    return judge(subject, _sight(run, api, subject.account)).entered_at is not None


def _sight(run: Invocation, api: Api, account: str) -> Sight:
    seen = memory.pinned_log(run.home, api.server)
    return Sight(
        views=tuple(run.sight.views),
        now=run.now(),
        log_key=run.sight.new_key or (seen.verifier_key if seen else ""),
        epoch=memory.epoch_began(run.home, api.server),
        ready=memory.ready_envelope(run.home, account),
    )


def _check_quorum(run: Invocation, shown: ShownRequest, verdict: Verdict) -> None:
    """The approvals that the log shows make the quorum, or someone hears those who approved.

    Those of a device that was shown another log are not among them. Where even all that are shown
    do not, the service refuses.
    """
    known = [d for d in shown.counted if not d.approves or d.digest in verdict.proved]
    if len(known) == len(shown.decisions):
        return
    try:
        count_quorum(shown.chain, shown.about, shown.envelope, known, until_seq=AFTER_ALL)
    except ClientRefusal:
        lacking = [d for d in shown.counted if d not in known]
        names = [shown.chain.name_of(d.custodian) for d in lacking]
        elsewhere = [shown.chain.name_of(d.custodian) for d in shown.left_out]
        meet(run, withheld_finding(names, elsewhere), blocks=True)


def _end_of(chain: VerifiedChain) -> tuple[Statement, ...]:
    """The version that ends the line, if one does."""
    return chain.statements[-1:] if chain.newest.retired else ()


def prove_envelope(
    run: Invocation, api: Api, act: Act, chain: VerifiedChain, manifest: Statement | None
) -> None:
    """Do the same for an act on an envelope, or on the newest roster where there is none yet.

    Raises:
        ClientRefusal: as :func:`prove`.
    """
    roster, ends = chain.newest, tuple[Statement, ...]()
    if manifest is not None and act in {Act.CONFIRM, Act.PAPER}:
        roster, ends = chain.named(manifest.payload["roster"]), _end_of(chain)
    subject = Subject(
        act=act,
        account=roster.account,
        log_key=chain.newest.log_key,
        accepted=(chain.statements[roster.version - 1], *ends),
        sealed=() if manifest is None else (manifest,),
    )
    prove(run, api, subject)


def meet(run: Invocation, finding: Finding, *, blocks: bool) -> None:
    """Show a finding; refuse, or ask the person, unless it must not block.

    Raises:
        ClientRefusal: the finding's code; ``not-confirmed``.
    """
    answer = _ANSWERS.get(finding.weight)
    if finding.code not in _OWN_WORDS:
        run.sight.found.append(f"{finding.sentence[:1].upper()}{finding.sentence[1:]}.")
    if not blocks or answer is None:
        if blocks and finding.weight is Weight.REFUSED:
            raise ClientRefusal(finding.code, finding.sentence, finding.hint)
        run.terminal.warn(f"{finding.sentence} [{finding.code}]. {finding.hint}")
        return
    option = "--" + answer.replace("_", "-")
    if getattr(run, answer):
        run.terminal.warn(f"{finding.sentence}. {finding.hint}")
        return
    if not run.terminal.interactive:
        hint = f"{finding.hint}; then add {option}"
        raise ClientRefusal(finding.code, finding.sentence, hint)
    run.terminal.warn(f"{finding.sentence}. {finding.hint[:1].upper()}{finding.hint[1:]}.")
    run.terminal.confirm("Have you done so, and do you want to go on?", option=option)
    setattr(run, answer, True)
