"""Denied by default: who may call what."""

import pytest
from flask import Flask

from service.config import Settings
from service.usecases.context import Context
from service.web.access import Role, access_of, check_every_view_declares_a_role, requires
from service.web.api import people
from service.web.app import create_app
from service.web.page import is_page
from service.web.static_files import ENDPOINT
from tests.conftest import HandClock
from tests.web.calling import EVERYBODY, ME, SLOTS, URL, Calls, code_of

PUBLIC = {
    "/api/v1/sessions",
    "/api/v1/sessions/parameters",
    "/api/v1/sessions/passkey",
    "/api/v1/sessions/passkey/options",
    "/api/v1/enrolments/look",
    "/api/v1/enrolments/passkey-options",
    "/api/v1/identities",
    "/api/v1/note",
    "/api/v1/papers/reports",
    "/healthz",
    "/openapi.json",
}


def filled(rule: str) -> str:
    """A path of the rule with made-up ids."""
    return (
        rule.replace("<account:account>", "1" * 12)
        .replace("<digest:digest>", "a" * 64)
        .replace("<leaf:seq>", "1")
        .replace("<id:request>", "00000000-0000-4000-8000-000000000000")
        .replace("<id:person>", "00000000-0000-4000-8000-000000000000")
        .replace("<id:session>", "00000000-0000-4000-8000-000000000000")
        .replace("<id:envelope>", "00000000-0000-4000-8000-000000000000")
    )


def routes(app: Flask) -> list[tuple[str, str]]:
    """Routes for programs; tests of pages walk over the others."""
    return [
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != ENDPOINT and not is_page(app.view_functions[rule.endpoint])
        for method in sorted((rule.methods or set()) - {"HEAD"})
    ]


def test_a_view_without_a_role_keeps_the_application_from_starting() -> None:
    app = Flask("probe", static_folder=None)
    app.add_url_rule("/open", "open", requires(Role.PUBLIC)(lambda: ""))
    check_every_view_declares_a_role(app)
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(RuntimeError, match="forgotten"):
        check_every_view_declares_a_role(app)


def test_the_application_itself_makes_that_check(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(people.me.__dict__, "access")
    with pytest.raises(RuntimeError, match=r"people\.me"):
        create_app(ctx, Settings(url=URL))


@pytest.mark.parametrize(
    ("roles", "fresh"),
    [((), False), ((Role.PUBLIC, Role.PERSON), False), ((Role.PUBLIC,), True)],
)
def test_a_role_that_means_nothing_cannot_be_declared(roles: tuple[Role, ...], fresh: bool) -> None:
    with pytest.raises(RuntimeError):
        requires(*roles, fresh=fresh)


def test_a_view_that_slipped_in_later_is_not_served(app: Flask, calls: Calls) -> None:
    app.add_url_rule("/late", "late", lambda: "served")
    answer = calls("GET", "/late", token=calls.enrol())
    assert (answer.status_code, code_of(answer)) == (403, "not-allowed")


def test_nobody_gets_further_than_the_public_routes(app: Flask, calls: Calls) -> None:
    for method, rule in routes(app):
        answer = calls(method, filled(rule), body={} if method in {"POST", "PUT"} else None)
        if rule in PUBLIC and (method, rule) != ("GET", "/api/v1/sessions"):
            assert answer.status_code in {200, 400}, rule
        else:
            assert (answer.status_code, code_of(answer)) == (401, "not-signed-in"), rule
            assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_person_gets_no_operators_route(app: Flask, calls: Calls) -> None:
    token = calls.enrol()
    for method, rule in routes(app):
        access = next(
            access
            for found in app.url_map.iter_rules()
            if found.rule == rule and method in (found.methods or ())
            and (access := access_of(app.view_functions[found.endpoint]))
        )  # fmt: skip
        if access.roles & {Role.PUBLIC, Role.PERSON}:
            continue
        answer = calls(method, filled(rule), token=token, body={})
        assert (answer.status_code, code_of(answer)) == (403, "not-allowed"), rule


@pytest.mark.parametrize(
    ("role", "status"), [({}, 403), ({"operator": True}, 200), ({"auditor": True}, 200)]
)
def test_any_of_several_roles_is_enough(calls: Calls, role: dict[str, bool], status: int) -> None:
    assert calls("GET", EVERYBODY, token=calls.enrol("Ann", **role)).status_code == status


FRESH = {
    ("GET", "/api/v1/accounts/<account:account>/bundle"),
    ("POST", "/api/v1/requests/<id:request>/release"),
    ("GET", "/api/v1/requests/<id:request>/release"),
    ("POST", "/api/v1/people/<id:person>/withdrawn-roles"),
    ("POST", "/api/v1/people/<id:person>/ended-sessions"),
    ("POST", "/api/v1/slots/passkey-options"),
    ("POST", "/api/v1/slots"),
}


def test_what_hands_out_or_changes_keys_and_roles_wants_a_fresh_session(
    app: Flask, calls: Calls, clock: HandClock
) -> None:
    wanting = {
        (method, rule)
        for method, rule in routes(app)
        for found in app.url_map.iter_rules()
        if found.rule == rule and method in (found.methods or ())
        and (access := access_of(app.view_functions[found.endpoint])) and access.fresh
    }  # fmt: skip
    assert wanting == FRESH
    token = calls.enrol(operator=True)
    clock.advance(minutes=5)
    for method, rule in sorted(FRESH):
        body: dict[str, str] | None = {} if method == "POST" else None
        answer = calls(method, filled(rule), token=token, body=body)
        assert (answer.status_code, code_of(answer)) == (403, "stale-session"), rule


def test_a_fresh_act_wants_a_fresh_session(calls: Calls, clock: HandClock) -> None:
    token = calls.enrol()
    assert code_of(calls("POST", SLOTS, token=token, body={})) == "malformed"
    clock.advance(minutes=5)
    answer = calls("POST", SLOTS, token=token, body={})
    assert (answer.status_code, code_of(answer)) == (403, "stale-session")
    assert calls("GET", SLOTS, token=token).status_code == 200


@pytest.mark.parametrize(
    ("what", "body"), [("withdrawn-roles", {"role": "operator"}), ("ended-sessions", {})]
)
def test_an_operator_takes_nothing_back_by_a_session_that_was_found(
    calls: Calls, clock: HandClock, what: str, body: dict[str, str]
) -> None:
    token = calls.enrol("Olga", operator=True)
    path = filled(f"/api/v1/people/<id:person>/{what}")
    clock.advance(minutes=5)
    answer = calls("POST", path, token=token, body=body)
    assert (answer.status_code, code_of(answer)) == (403, "stale-session")
    other = calls.enrol("Aud", auditor=True)
    answer = calls("POST", path, token=other, body=body)
    assert (answer.status_code, code_of(answer)) == (403, "not-allowed")
    assert calls("GET", ME, token=token).status_code == 200
