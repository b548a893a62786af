"""What proves each field of each action: the closed table, printed into ``docs/events.md``.

Details that an action does not declare here are refused, by the service before it appends them
and by the audit.
"""

from collections.abc import Mapping

from service.domain.events import SERVICE, Action, Detail
from service.domain.evidence import Evidence, Field, Form, Rule

_UNSIGNED = Field()
_NUMBER, _FLAG = Field(form=Form.NUMBER), Field(form=Form.FLAG)
_SERVICE, _EMPTY = Field(rule=Rule.SERVICE), Field(rule=Rule.EMPTY)
_ACTOR, _ACCOUNT = Field(rule=Rule.ACTOR), Field(rule=Rule.ACCOUNT)


def _signed(name: str, form: Form = Form.TEXT) -> Field:
    return Field(signed=name, form=form)


def _rule(rule: Rule, form: Form = Form.TEXT) -> Field:
    return Field(rule=rule, form=form)


def _said(actor: Field, subject: Field, /, **details: Field) -> Evidence:
    """An entry that the service wrote, and that no one signed."""
    return Evidence(entry=_UNSIGNED, actor=actor, subject=subject, request=_EMPTY, details=details)


def _keys(kind: str, /, **details: Field) -> Evidence:
    """An entry about a person's own keys."""
    return Evidence(
        entry=_signed(kind),
        actor=_signed("person"),
        subject=_ACTOR,
        request=_EMPTY,
        details=details,
    )


def _roster(entry: Field, actor: Field, /, **details: Field) -> Evidence:
    return Evidence(entry=entry, actor=actor, subject=_ACCOUNT, request=_EMPTY, details=details)


def _envelope(entry: Field, actor: Field, /, **details: Field) -> Evidence:
    manifest = _rule(Rule.MANIFEST)
    return Evidence(
        entry=entry,
        actor=actor,
        subject=_rule(Rule.MANIFEST),
        request=_EMPTY,
        details={
            "envelope": manifest,
            "manifest": manifest,
            "version": _rule(Rule.MANIFEST, Form.NUMBER),
            "state": _rule(Rule.STATE),
            **details,
        },
    )


def _request(entry: Field, actor: Field, number: Field | None = None, **details: Field) -> Evidence:
    return Evidence(
        entry=entry,
        actor=actor,
        subject=_rule(Rule.REQUEST),
        request=number or _signed("request"),
        details={
            "state": _rule(Rule.STATE),
            "drill": _rule(Rule.REQUEST, Form.FLAG),
            **details,
        },
    )


_CONSEQUENCE, _DUE = _rule(Rule.CONSEQUENCE), _rule(Rule.DUE)
_WHY = {"why": _rule(Rule.CAUSED)}
_OFFLINE = {"offline": _rule(Rule.REQUEST, Form.FLAG)}
_CAUSED = _rule(Rule.CAUSED)
_EXPIRED = {"expired": _rule(Rule.COUNT, Form.NUMBER)}
_TALLY = {"count": _NUMBER, "people": Field(form=Form.TEXTS)}
_IDENTITY = {"fingerprint": _signed("signing_key")}
_SLOT = {"slot": _signed("slot"), "kind": _signed("slot_kind")}
_DECISION = {
    "group": _signed("group"),
    "counted": _rule(Rule.COUNT, Form.NUMBER),
    "needed": _rule(Rule.COUNT, Form.NUMBER),
    **_OFFLINE,
}
_ROSTER = {
    "version": _signed("version", Form.NUMBER),
    "roster": _rule(Rule.DRAFT),
    "state": _rule(Rule.STATE),
}
_ACCEPTED = _roster(_signed("roster"), _rule(Rule.LAST), **_ROSTER)

DECLARED: Mapping[Action, Evidence] = {
    Action.LOG_STARTED: Evidence(
        entry=_rule(Rule.FIRST), actor=_UNSIGNED, subject=_SERVICE, request=_EMPTY
    ),
    Action.LOG_EPOCH_BEGAN: Evidence(
        entry=_rule(Rule.NOTE),
        actor=_UNSIGNED,
        subject=_SERVICE,
        request=_EMPTY,
        details={
            "abandoned": _rule(Rule.NOTE),
            "abandoned_size": _rule(Rule.NOTE, Form.NUMBER),
            "continues": _NUMBER,
            "root": _rule(Rule.LOG),
            "size": _rule(Rule.LOG, Form.NUMBER),
            "why": _UNSIGNED,
            **_EXPIRED,
        },
    ),
    Action.CLOCK_ACCEPTED: _said(_UNSIGNED, _SERVICE, last_event=_rule(Rule.LOG), **_EXPIRED),
    Action.INVITATION_CREATED: _said(
        _UNSIGNED,
        _UNSIGNED,
        name=_UNSIGNED,
        operator=_FLAG,
        auditor=_FLAG,
        replaces=_rule(Rule.KNOWN, Form.FLAG),
    ),
    Action.IDENTITY_ENROLLED: _keys("identity", **_IDENTITY),
    Action.IDENTITY_REPLACED: _keys("identity", replaces=_rule(Rule.REPLACED), **_IDENTITY),
    Action.ENROLMENT_FAILED: _said(_SERVICE, _SERVICE, **_TALLY),
    Action.SESSION_OPENED: _said(_UNSIGNED, _ACTOR, session=_UNSIGNED),
    Action.SESSION_ENDED: _said(_UNSIGNED, _ACTOR, session=_UNSIGNED),
    Action.SESSION_FAILED: _said(_SERVICE, _SERVICE, **_TALLY),
    Action.SESSIONS_ENDED: _said(_UNSIGNED, _UNSIGNED, name=_UNSIGNED, sessions=_NUMBER),
    Action.ROLE_WITHDRAWN: _said(
        _UNSIGNED, _UNSIGNED, name=_UNSIGNED, role=_UNSIGNED, sessions=_NUMBER
    ),
    Action.PASSKEY_FELL_BACK: _said(_SERVICE, _UNSIGNED, name=_UNSIGNED, slot=_UNSIGNED),
    Action.SLOT_ADDED: _keys("slot", **_SLOT),
    Action.SLOT_REPLACED: _keys("slot", replaces=_rule(Rule.REPLACED), **_SLOT),
    Action.SLOT_REMOVED: _keys("slot", **_SLOT),
    Action.ACCOUNT_REGISTERED: _said(_UNSIGNED, _UNSIGNED, sns_topic_arn=_UNSIGNED),
    Action.ACCOUNT_CHANNEL_SET: _said(_UNSIGNED, _ACCOUNT, sns_topic_arn=_UNSIGNED),
    Action.LINE_REGISTERED: Evidence(
        entry=_CONSEQUENCE,
        actor=_UNSIGNED,
        subject=_CAUSED,
        request=_EMPTY,
        details={"line": _CAUSED},
    ),
    Action.LINE_ANNOUNCED: Evidence(
        entry=_rule(Rule.LINE),
        actor=_SERVICE,
        subject=_ACCOUNT,
        request=_EMPTY,
        details={"line": _rule(Rule.LINE), "day": _rule(Rule.DAYS, Form.NUMBER)},
    ),
    Action.ROSTER_DRAFTED: _roster(
        _UNSIGNED,
        _UNSIGNED,
        version=_rule(Rule.NEXT, Form.NUMBER),
        roster=_UNSIGNED,
        state=_rule(Rule.STATE),
    ),
    Action.ROSTER_SIGNED: _roster(
        _UNSIGNED,
        _UNSIGNED,
        version=_rule(Rule.DRAFT, Form.NUMBER),
        roster=_rule(Rule.DRAFT),
        state=_rule(Rule.STATE),
        signer=_rule(Rule.KEY),
    ),
    Action.ROSTER_ACCEPTED: _ACCEPTED,
    Action.ENVELOPE_SEALED: _envelope(_signed("manifest"), _signed("sealer")),
    Action.ENVELOPE_CONFIRMED: _envelope(
        _signed("custody-receipt"), _signed("custodian"), group=_signed("group")
    ),
    Action.ENVELOPE_READY: _envelope(_CONSEQUENCE, _SERVICE),
    Action.ENVELOPE_EXPOSED: _envelope(_CONSEQUENCE, _SERVICE, **_WHY),
    Action.ENVELOPE_SUPERSEDED: _envelope(_CONSEQUENCE, _SERVICE),
    Action.SHARE_PRINTED: _envelope(_signed("paper"), _signed("custodian"), group=_signed("group")),
    Action.REQUEST_OPENED: _request(_signed("request"), _signed("requester")),
    Action.REQUEST_APPROVED: _request(_signed("decision"), _signed("custodian"), **_DECISION),
    Action.REQUEST_DENIED: _request(_signed("decision"), _signed("custodian"), **_DECISION),
    Action.REQUEST_ENDED_BY_DENIAL: _request(_CONSEQUENCE, _SERVICE, _CAUSED),
    Action.REQUEST_CANCELLED: _request(
        Field(signed="cancellation", rule=Rule.CONSEQUENCE),
        Field(signed="requester", rule=Rule.SERVICE),
        Field(signed="request", rule=Rule.CAUSED),
        **_WHY,
    ),
    Action.REQUEST_EXPIRED: _request(_DUE, _SERVICE, _CAUSED),
    Action.REQUEST_RELEASED: _request(_signed("release"), _signed("requester"), **_OFFLINE),
    Action.REQUEST_FETCHED: _request(_UNSIGNED, _rule(Rule.REQUESTER), _rule(Rule.REQUEST)),
    Action.REQUEST_DRILL_OVER: _request(_CONSEQUENCE, _SERVICE, _CAUSED),
    Action.REQUEST_CLOSED: _request(_signed("closure"), _signed("requester"), **_OFFLINE),
    Action.REQUEST_WINDOW_ENDED: _request(_DUE, _SERVICE, _CAUSED),
    Action.REQUEST_ROTATED: _request(_CONSEQUENCE, _SERVICE, _CAUSED, manifest=_rule(Rule.CAUSED)),
    Action.REQUEST_REVIEWED: _request(
        _signed("review"),
        _signed("reviewer"),
        group=_signed("group"),
        rotated=_signed("rotated", Form.FLAG),
    ),
    Action.REQUEST_IMPORTED: _request(_signed("request"), _UNSIGNED, **_OFFLINE),
    Action.OFFLINE_PAPERS: _envelope(_signed("papers"), _SERVICE),
    Action.BUNDLE_FETCHED: _said(_UNSIGNED, _ACCOUNT, roster=_rule(Rule.NEWEST)),
    Action.EVENTS_EXPORTED: _said(_UNSIGNED, _SERVICE),
    Action.EVENTS_READ: _said(_UNSIGNED, _SERVICE, minutes=_NUMBER),
    Action.CHANNEL_FAILED: _said(_SERVICE, _SERVICE, channel=_UNSIGNED, fault=_UNSIGNED),
    Action.CHANNEL_RECOVERED: _said(_SERVICE, _SERVICE, channel=_UNSIGNED),
    Action.WITNESS_SILENT: _said(_SERVICE, _SERVICE, witness=_UNSIGNED, fault=_UNSIGNED),
    Action.WITNESS_REFUSED: _said(_SERVICE, _SERVICE, witness=_UNSIGNED, fault=_UNSIGNED),
    Action.WITNESS_RECOVERED: _said(_SERVICE, _SERVICE, witness=_UNSIGNED),
}


def misfit(action: Action, details: Mapping[str, Detail]) -> str:
    """Return what is wrong with an entry's details as declared, or nothing.

    A detail that is not declared, one of another form, or an unsigned one that is missing: those
    every entry has. Which proven ones it has, and what they say, the rules decide.
    """
    declared = DECLARED[action].details
    for name, value in details.items():
        if name not in declared:
            return f"it has {name!r}, which is not declared for this action"
        if not declared[name].form.fits(value):
            return f"its {name!r} is not a {declared[name].form.value}"
    missing = [name for name, said in declared.items() if not said.proven and name not in details]
    return f"it lacks {missing[0]!r}" if missing else ""


def misplaced(action: Action, *, actor: str, subject: str, request: str) -> str:
    """Return which field contradicts a rule that needs nothing but the entry itself, or nothing."""
    declared = DECLARED[action]
    wanted = {Rule.SERVICE: SERVICE, Rule.EMPTY: "", Rule.ACTOR: actor}
    for name, said in (("actor", actor), ("subject", subject), ("request", request)):
        proof: Field = getattr(declared, name)
        if proof.of_itself and proof.rule is not None and said != wanted[proof.rule]:
            return f"its {name} is {said!r}, but must be {wanted[proof.rule]!r}"
    return ""
