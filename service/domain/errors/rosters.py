"""Refusals of who counts: rosters, their rules and their signers."""

from service.domain.errors.base import Refusal


class RosterRuleError(Refusal):
    """The draft breaks a rule of who may be where. The subclasses name the rule."""


class BothGroupsError(RosterRuleError):
    """One person is in both groups, and could release alone with one more person of each."""

    code = "both-groups"
    default = "no one may be in both groups"


class ThresholdError(RosterRuleError):
    """Not 1 <= threshold <= members <= 16."""

    code = "threshold"
    default = "a group needs 1 to 16 members and a threshold from 1 to the number of its members"


class RequesterIsCustodianError(RosterRuleError):
    """A custodian of the account is also its requester."""

    code = "requester-is-custodian"
    default = "a custodian cannot be a requester of the same account"


class OperatorInRosterError(RosterRuleError):
    """The roster names an operator."""

    code = "operator-in-roster"
    default = "an operator cannot be a custodian, requester or sealer"


class AuditorInRosterError(RosterRuleError):
    """The roster names an auditor."""

    code = "auditor-in-roster"
    default = "an auditor cannot be a custodian, requester or sealer"


class DuplicatePersonError(RosterRuleError):
    """A key or a name appears twice."""

    code = "duplicate-person"
    default = "no key and no name may appear twice"


class IdentityMissingError(RosterRuleError):
    """A roster names someone by a digest of which no identity of theirs is there."""

    code = "identity-missing"
    default = "a person's identity is missing; enrol them, or draft the roster again"


class WrongLogKeyError(RosterRuleError):
    """A draft names another key for the log than the service's."""

    code = "wrong-log-key"
    default = "the draft names another log key than this service's; draft it again"


class RosterTooLongError(RosterRuleError):
    """With all signatures that it may carry, the roster would not fit into a leaf of the log."""

    code = "roster-too-long"
    default = "this roster is too long to be signed by all who may; name fewer people"


class PeopleMismatchError(RosterRuleError):
    """``people`` is not exactly those who are named, or a key is not the enrolled one."""

    code = "people-mismatch"
    default = "the people listed must be exactly those the roster names, with their enrolled keys"


class StrandsEnvelopeError(RosterRuleError):
    """Too few custodians of the envelope in force would be left to open it."""

    code = "strands-envelope"
    default = (
        "this roster would leave too few custodians with a share; add people, seal again, "
        "then remove"
    )


class RetiringChangesError(RosterRuleError):
    """A version that retires its line changes who counts, or is the first one."""

    code = "retiring-changes"
    default = (
        "a roster that retires its line changes no group, threshold, role, name or key; "
        "draft it from the version in force"
    )


class LineRetiredError(Refusal):
    """The account's own people have ended this line of it."""

    code = "line-retired"
    default = (
        "this line of the account is retired: no request, password or roster is taken in it "
        "any more"
    )


class TooFewSignersError(Refusal):
    """A roster without the signatures it needs."""

    code = "too-few-signers"
    default = "the roster is missing required signatures"


class NotAwaitedError(Refusal):
    """The signer's signature is not among those the draft waits for."""

    code = "not-awaited"
    default = "this draft does not need your signature"


class StaleRosterError(Refusal):
    """The statement was made under a roster that is not the newest."""

    code = "stale-roster"
    default = "this was made under an older roster; load the newest one and try again"


class NotInRosterError(Refusal):
    """The signer is not named, in the needed part, by the roster that counts."""

    code = "not-in-roster"
    default = "the account's roster does not give you this role"


class NoRosterError(Refusal):
    """The account has no roster that custodians have signed."""

    code = "no-roster"
    default = "the account has no signed roster yet"
