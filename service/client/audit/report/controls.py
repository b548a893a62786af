"""Which controls of common standards the log has evidence for: lists, never a claim of compliance.

Evidence is given by leaf. The numbers of controls are pointers for someone who reads the standard;
what a control requires, and whether this is enough, is for them to decide.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from service.client.audit.report.story import Entry
from service.client.audit.report.year import AccountReport
from service.domain.events import Action

SCOPE = (
    "These lists are evidence, not a claim of compliance. They cover this account's events in the "
    "period. Whether a control applies, and whether this satisfies it, is for the reader of the "
    "standard to decide."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One row: what the standard calls it, what the log can show, and what it cannot."""

    name: str
    shows: str
    evidence: tuple[str, ...]
    note: str = ""


Collect = Callable[[AccountReport], list[Entry]]


def _of(*actions: Action) -> Collect:
    return lambda account: account.events(*actions)


def _releases(account: AccountReport) -> list[Entry]:
    return [request.release for request in account.releases if request.release]


def _drills(account: AccountReport) -> list[Entry]:
    return [entry for drill in account.drills for entry in drill.all_of(Action.REQUEST_DRILL_OVER)]


EVIDENCE: Mapping[str, Collect] = {
    "releases": _releases,
    "requests": _of(Action.REQUEST_OPENED),
    "decisions": _of(Action.REQUEST_APPROVED, Action.REQUEST_DENIED),
    "rosters": _of(Action.ROSTER_ACCEPTED),
    "drills": _drills,
    "closures": _of(Action.REQUEST_CLOSED),
    "reviews": _of(Action.REQUEST_REVIEWED),
    "rotations": _of(Action.REQUEST_ROTATED, Action.ENVELOPE_READY),
    "sealings": _of(Action.ENVELOPE_SEALED),
    "acknowledgements": _of(Action.ENVELOPE_CONFIRMED),
    "without the service": _of(Action.REQUEST_IMPORTED, Action.BUNDLE_FETCHED),
}

_POSTURE = "The log says nothing about this: check the account itself."
_NOTICES = "The log does not show that a notice arrived, only that a channel failed."

CONTROLS: Sequence[Control] = (
    Control(
        name="CIS AWS: root MFA, hardware MFA, no root access key",
        shows="nothing",
        evidence=(),
        note=_POSTURE,
    ),
    Control(
        name="CIS AWS: avoid use of the root user",
        shows="each use that went through the service, tied to a task that only root can do",
        evidence=("releases", "drills"),
        note="A sign-in that bypasses the service appears only in CloudTrail.",
    ),
    Control(
        name="CIS AWS root monitoring; Security Hub CloudWatch.1",
        shows="drills of the whole procedure",
        evidence=("drills",),
        note=_NOTICES,
    ),
    Control(
        name="NIST SP 800-53 r5 AC-3(2), dual authorization",
        shows="for each release, different people of two groups, counted again from signatures",
        evidence=("releases", "decisions"),
    ),
    Control(
        name="NIST SP 800-53 r5 AC-5, separation of duties",
        shows="every change of a group's members, signed by the people concerned",
        evidence=("rosters", "releases"),
    ),
    Control(
        name="NIST SP 800-53 r5 AC-2(7), AC-6, AC-6(9)",
        shows="who may request access, and every privileged use with its reason and its review",
        evidence=("rosters", "releases", "reviews"),
    ),
    Control(
        name="NIST SP 800-53 r5 AU-2, AU-3, AU-6, AU-9, AU-10, AU-12",
        shows="the verification on this page: a hash tree, signatures, checkpoints kept elsewhere",
        evidence=(),
        note="The whole export is the evidence; checkpoints from outside are listed above.",
    ),
    Control(
        name="NIST SP 800-53 r5 IA-2(1), IA-5",
        shows="each new password sealed, and when it replaced the one before",
        evidence=("sealings", "rotations"),
        note="The password's strength is never in the log.",
    ),
    Control(
        name="NIST SP 800-53 r5 CP-2, CP-4, CP-9",
        shows="drills, and releases made without the service",
        evidence=("drills", "without the service"),
    ),
    Control(
        name="NIST SP 800-53 r5 IR-4, IR-5, IR-6, SI-4",
        shows="from request to closure, with times",
        evidence=("requests", "decisions", "closures"),
        note=_NOTICES,
    ),
    Control(
        name="NIST SP 800-57 part 1, split knowledge",
        shows="for whom shares were sealed, and that each custodian opened theirs",
        evidence=("sealings", "acknowledgements"),
    ),
    Control(
        name="PCI DSS 4.0.1 3.7.6, split knowledge and dual control",
        shows="sealing to two groups, and the signed receipt of each custodian",
        evidence=("sealings", "acknowledgements", "releases"),
        note="3.7.6 applies to keys that protect account data; here it serves as a model.",
    ),
    Control(
        name="PCI DSS 4.0.1 3.7.8, custodians' acknowledgement",
        shows="each custodian's signed receipt",
        evidence=("acknowledgements",),
    ),
    Control(
        name="PCI DSS 4.0.1 8.2.2, shared accounts by exception",
        shows="reason, approval, time limit and one person for each use",
        evidence=("requests", "releases", "closures"),
    ),
    Control(
        name="PCI DSS 4.0.1 7.2, 8.3.11, 8.4",
        shows="nothing",
        evidence=(),
        note=_POSTURE,
    ),
    Control(
        name="SOC 2 CC6.1 to CC6.3, CC7.2 to CC7.4, CC4.1",
        shows="approvals, changes of access, reviews, drills",
        evidence=("decisions", "rosters", "reviews", "drills"),
    ),
    Control(
        name="ISO/IEC 27001:2022 A.5.3, A.5.15 to A.5.18, A.8.2, A.8.5, A.8.15, A.8.16",
        shows="the same",
        evidence=("decisions", "rosters", "reviews", "drills"),
    ),
    Control(
        name="BSI C5:2025 IAM-04.06B, IAM-06",
        shows="the break-glass procedure in use: request, quorum, end, review",
        evidence=("releases", "closures", "reviews", "drills"),
    ),
    Control(
        name="NIS2 implementing regulation 11.3.2, 3.2.3",
        shows="use of a privileged account, with its end and review",
        evidence=("releases", "reviews"),
    ),
    Control(
        name="AWS Well-Architected SEC01-BP02, SEC03-BP03",
        shows="drills and use of emergency access",
        evidence=("drills", "releases"),
    ),
)


def evidence_for(control: Control, account: AccountReport) -> list[Entry]:
    """Return what the log has for a control, in the order of the log."""
    found = {e.seq: e for name in control.evidence for e in EVIDENCE[name](account)}
    return [found[seq] for seq in sorted(found)]
