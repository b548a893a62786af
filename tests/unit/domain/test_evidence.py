"""What each action declares: closed, complete, and held against an entry."""

import pytest

from crypto.schema import KINDS
from service.domain.declared import DECLARED, misfit, misplaced
from service.domain.events import ACTIONS, SERVICE, Action, Detail
from service.domain.evidence import Field, Form, Rule


def test_every_action_is_declared_and_nothing_else() -> None:
    assert DECLARED.keys() == set(Action)


@pytest.mark.parametrize("action", Action)
def test_an_entry_with_a_statement_is_proven_by_it(action: Action) -> None:
    kind = ACTIONS[action].statement
    assert DECLARED[action].entry.signed == kind
    assert kind in {"", *KINDS}


@pytest.mark.parametrize("action", [a for a in Action if ACTIONS[a].by == "service"])
def test_what_the_service_does_by_itself_names_it(action: Action) -> None:
    assert DECLARED[action].actor.rule is Rule.SERVICE


@pytest.mark.parametrize("action", Action)
def test_every_signed_field_is_one_of_its_statement(action: Action) -> None:
    """An actor is anyone who signed, so no field of an entry without a statement is signed."""
    declared = DECLARED[action]
    signed = [f.signed for f in (declared.actor, declared.request, *declared.details.values())]
    assert declared.entry.signed or not any(signed)


def test_a_field_is_proven_by_a_signature_or_a_rule() -> None:
    assert Field(signed="custodian").proven
    assert Field(rule=Rule.COUNT).proven
    assert not Field().proven
    assert Field(rule=Rule.SERVICE).of_itself
    assert not Field(rule=Rule.COUNT).of_itself
    assert not Field(signed="requester", rule=Rule.SERVICE).of_itself


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        (Form.TEXT, "x", 1),
        (Form.NUMBER, 1, True),
        (Form.FLAG, True, 1),
        (Form.TEXTS, ["x"], "x"),
    ],
)
def test_a_detail_has_its_form(form: Form, good: Detail, bad: Detail) -> None:
    assert form.fits(good)
    assert not form.fits(bad)


@pytest.mark.parametrize(
    ("details", "wrong"),
    [
        ({"count": 1, "people": ["p"]}, ""),
        ({"count": 1}, "it lacks 'people'"),
        ({"count": 1, "people": ["p"], "more": 1}, "it has 'more', which is not declared"),
        ({"count": True, "people": ["p"]}, "its 'count' is not a number"),
    ],
)
def test_details_are_those_that_are_declared(details: dict[str, Detail], wrong: str) -> None:
    assert misfit(Action.SESSION_FAILED, details).startswith(wrong)
    assert bool(misfit(Action.SESSION_FAILED, details)) == bool(wrong)


def test_a_proven_detail_may_be_missing_as_its_rule_decides() -> None:
    assert misfit(Action.REQUEST_CANCELLED, {"state": "cancelled", "drill": False}) == ""


def test_what_contradicts_the_entry_itself_is_named() -> None:
    def wrong(action: Action, actor: str, subject: str, request: str = "") -> str:
        return misplaced(action, actor=actor, subject=subject, request=request)

    assert wrong(Action.SESSION_OPENED, "ann", "ann") == ""
    assert wrong(Action.SESSION_OPENED, "ann", "bob") == "its subject is 'bob', but must be 'ann'"
    assert wrong(Action.SESSION_OPENED, "ann", "ann", "r") == "its request is 'r', but must be ''"
    assert wrong(Action.SESSION_FAILED, "ann", SERVICE).startswith("its actor is 'ann'")
    assert wrong(Action.REQUEST_CANCELLED, "gus", "111122223333", "r") == ""
