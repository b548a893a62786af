"""What is wrong with an account, in words: for the API, the pages and the operator's status."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.domain.errors import CircularChannelError
from service.domain.exposed import SENTENCES, Cause
from service.domain.findings import Code, Finding
from service.domain.successor import REPLACE_WITHIN
from service.domain.words import GROUPS, SEALED_BY_REQUESTER, one_line
from service.usecases.accounts import Account
from service.wire.accounts import AccountDetail
from service.wire.accounts import Finding as FindingShape
from service.wire.home import AccountFinding

MESSAGES: Mapping[Code, str] = {
    Code.NO_ROSTER: "no custodians have signed a roster yet",
    Code.KEYS_REPLACED: "{name} has new keys{link}{keys}",
    Code.GROUP_CANNOT_ACT: (
        "the {group} group cannot act: {able} of {people} can, and it takes {needed}"
    ),
    Code.NO_SPARE_CUSTODIAN: "the {group} group needs every member: no one can be away",
    Code.NO_ENVELOPE: "nothing is sealed",
    Code.UNCONFIRMED: "too few custodians have confirmed their shares",
    Code.EXPOSED: "{cause}; change the password and seal the new one",
    Code.EXPOSED_RETIRED: (
        "{cause}; this line is retired: change the password at AWS, and seal the new one in "
        "another line of the account"
    ),
    Code.NO_SPARE: (
        "no spare in the {group} group: {able} of {people} can act, and it takes {needed}"
    ),
    Code.OLDER_ROSTER: (
        "custodians, or the address that root signs in with, have changed since the password was "
        "sealed; change it and seal the new one"
    ),
    Code.NOT_PROVEN: (
        "{name} has not shown in the last 90 days that their share opens: ask for a drill"
    ),
    Code.DRILL_DUE: "no drill in the last 90 days: ask for one",
    Code.NOBODY_TOLD: "no one outside is notified: no SNS topic is set",
    Code.CIRCULAR_CHANNEL: CircularChannelError.default,
    Code.SEALED_BY_REQUESTER: SEALED_BY_REQUESTER,
    Code.SUCCESSOR_OVERDUE: (
        f"{{name}} has known the password for more than {REPLACE_WITHIN.days} days: a sealer must "
        "seal a new one"
    ),
}


def message(finding: Finding) -> str:
    """One finding as a sentence without an end."""
    return MESSAGES[finding.code].format(
        group=GROUPS[finding.group] if finding.group else "",
        name=one_line(finding.name),
        able=finding.able,
        people=finding.people,
        needed=finding.needed,
        cause=SENTENCES[finding.cause or Cause.UNKNOWN],
        link=_link(finding),
        keys=_keys(finding),
    )


def _link(finding: Finding) -> str:
    if finding.link is None:
        return ""
    return f", by an operator's link of {finding.link.day} {finding.link:%B %Y}"


_OFFLINE = "they can act offline with the old phrase and a bundle from before"


def _keys(finding: Finding) -> str:
    """What someone with new keys cannot do, still can, and what is to be done about it."""
    if finding.named:
        return f", and the password is sealed to the old ones: {_OFFLINE}; seal it again"
    if finding.group is None:
        return f", and the roster names the old ones: {_OFFLINE}; draft a roster with the new ones"
    return (
        f", and does not count in the {GROUPS[finding.group]} group: {_OFFLINE}; draft a roster "
        "with the new ones, then seal again"
    )


def shape(finding: Finding) -> FindingShape:
    """One finding as the API has it."""
    return FindingShape(code=finding.code.value, message=message(finding), urgent=finding.urgent)


def of_accounts(findings: Mapping[str, Iterable[Finding]]) -> list[AccountFinding]:
    """What is wrong, each with the id of the account in which it is."""
    return [
        AccountFinding(account=account, **dict(shape(one)))
        for account, found in findings.items()
        for one in found
    ]


def detail(found: Account) -> AccountDetail:
    """An account as the API has it."""
    fields: dict[str, Any] = {name: getattr(found, name) for name in AccountDetail.model_fields}
    return AccountDetail(**fields | {"findings": [shape(one) for one in found.findings]})
