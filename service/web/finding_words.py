"""What is wrong with an account, in words: for the API, the pages and the operator's status."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from service.domain.errors import CircularChannelError
from service.domain.findings import Code, Finding
from service.domain.successor import REPLACE_WITHIN
from service.domain.words import SEALED_BY_REQUESTER, one_line
from service.usecases.accounts import Account
from service.wire.accounts import AccountDetail
from service.wire.accounts import Finding as FindingShape

MESSAGES: Mapping[Code, str] = {
    Code.NO_ROSTER: "no custodians have signed a roster yet",
    Code.NO_SPARE_CUSTODIAN: "the {group} group needs every member: no one can be away",
    Code.NO_ENVELOPE: "nothing is sealed",
    Code.UNCONFIRMED: "too few custodians have confirmed their shares",
    Code.EXPOSED: "the password may have been seen; change it and seal the new one",
    Code.EXPOSED_RETIRED: (
        "the password may have been seen, and this line is retired: change the password at AWS, "
        "and seal the new one in another line of the account"
    ),
    Code.NO_SPARE: "no spare: fewer receipts than threshold plus one",
    Code.OLDER_ROSTER: (
        "custodians have changed since the password was sealed; change it and seal the new one"
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
    return MESSAGES[finding.code].format(group=finding.group, name=one_line(finding.name))


def shape(finding: Finding) -> FindingShape:
    """One finding as the API has it."""
    return FindingShape(code=finding.code.value, message=message(finding))


def detail(found: Account) -> AccountDetail:
    """An account as the API has it."""
    fields: dict[str, Any] = asdict(found)
    return AccountDetail(**fields | {"findings": [shape(one) for one in found.findings]})
