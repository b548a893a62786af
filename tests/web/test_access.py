"""Denied by default: who may call what, and as whom."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from service.config import Settings
from service.domain.sessions import SessionKind
from service.usecases.context import Context
from service.web.access import Role, access_of, check_every_view_declares_a_role, requires
from service.web.api import people
from service.web.app import create_app
from service.web.page import is_page
from service.web.static_files import ENDPOINT
from tests.conftest import HandClock
from tests.usecases.people.acts import enrol
from tests.web.calling import EVERYBODY, ME, PARAMETERS, SLOTS, URL, Calls, code_of

COOKIE = "breakglass"
SESSION = "/api/v1/sessions/00000000-0000-4000-8000-000000000000"
CHANNEL = "/api/v1/accounts/111111111111/channel"
PUBLIC = {
    "/api/v1/sessions",
    "/api/v1/sessions/parameters",
    "/api/v1/sessions/passkey",
    "/api/v1/sessions/passkey/options",
    "/api/v1/enrolments/look",
    "/api/v1/enrolments/passkey-options",
    "/api/v1/identities",
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


def test_a_session_that_is_over_opens_nothing(calls: Calls, clock: HandClock) -> None:
    token = calls.enrol()
    clock.advance(hours=12)
    assert code_of(calls("GET", ME, token=token)) == "not-signed-in"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "bearer {token}",
        "Bearer  {token}",
        " {token}",
        "Basic {token}",
        "Bearer {token}, Bearer {token}",
        "Bearer {token}=",
        "Bearer é",
        "Bearer " + "A" * 43,
        "Bearer " + "A" * 100_000,
    ],
)
def test_a_token_is_taken_in_one_form_only(calls: Calls, header: str) -> None:
    token = calls.enrol()
    answer = calls("GET", ME, headers={"Authorization": header.format(token=token)})
    assert (answer.status_code, code_of(answer)) == (401, "not-signed-in")


class TestCookies:
    @pytest.fixture
    def cookie(self, calls: Calls) -> str:
        return calls.token(enrol(calls.ctx), SessionKind.COOKIE)

    def test_a_cookie_from_our_own_page_is_taken(self, calls: Calls, cookie: str) -> None:
        headers = {"Cookie": f"{COOKIE}={cookie}", "Origin": URL}
        assert calls("GET", ME, headers=headers).status_code == 200

    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_our_own_page_reads_without_an_origin(
        self, calls: Calls, cookie: str, method: str
    ) -> None:
        headers = {"Cookie": f"{COOKIE}={cookie}", "Sec-Fetch-Site": "same-origin"}
        assert calls(method, ME, headers=headers).status_code == 200

    @pytest.mark.parametrize("source", ["same-site", "cross-site", "none", "", "same-origin, none"])
    def test_whatever_else_reads_is_refused(self, calls: Calls, cookie: str, source: str) -> None:
        headers = {"Cookie": f"{COOKIE}={cookie}", "Sec-Fetch-Site": source}
        answer = calls("GET", ME, headers=headers)
        assert (answer.status_code, code_of(answer)) == (403, "forbidden-origin")

    @pytest.mark.parametrize(
        ("method", "path"), [("POST", SLOTS), ("DELETE", SESSION), ("PUT", CHANNEL)]
    )
    def test_a_change_wants_an_origin(
        self, calls: Calls, cookie: str, method: str, path: str
    ) -> None:
        headers = {"Cookie": f"{COOKIE}={cookie}", "Sec-Fetch-Site": "same-origin"}
        answer = calls(method, path, headers=headers, body={})
        assert (answer.status_code, code_of(answer)) == (403, "forbidden-origin")

    @pytest.mark.parametrize(
        ("source", "status"),
        [
            (None, 200),
            ("none", 200),
            ("same-origin", 200),
            ("same-site", 303),
            ("cross-site", 303),
            ("", 303),
        ],
    )
    def test_a_page_is_opened_from_anywhere_and_shown_to_our_own(
        self, calls: Calls, cookie: str, source: str | None, status: int
    ) -> None:
        """From elsewhere one comes by way of /sign-in, which asks from our own page."""
        headers = {"Cookie": f"{COOKIE}={cookie}"}
        headers |= {} if source is None else {"Sec-Fetch-Site": source}
        answer: TestResponse = calls("GET", "/", headers=headers)
        assert answer.status_code == status

    @pytest.mark.parametrize("cookie_sent", ["A" * 43, "x"])
    def test_a_public_route_does_not_mind_a_bad_cookie(
        self, calls: Calls, cookie_sent: str
    ) -> None:
        headers = {"Cookie": f"{COOKIE}={cookie_sent}", "Origin": URL}
        body = {"email": "a@example.org"}
        assert calls("POST", PARAMETERS, headers=headers, body=body).status_code == 200
        assert calls("GET", "/sign-in", headers=headers).status_code == 200

    @pytest.mark.parametrize(
        "origin",
        [
            None,
            "null",
            "",
            "https://localhost:8420",
            "http://localhost",
            "http://localhost:84200",
            "http://localhost:8420/",
            "HTTP://LOCALHOST:8420",
            "http://localhost:8420.evil.example",
        ],
    )
    def test_a_cookie_from_elsewhere_is_not(
        self, calls: Calls, cookie: str, origin: str | None
    ) -> None:
        headers = {"Cookie": f"{COOKIE}={cookie}"}
        if origin is not None:
            headers["Origin"] = origin
        answer = calls("GET", ME, headers=headers)
        assert (answer.status_code, code_of(answer)) == (403, "forbidden-origin")

    def test_no_cookie_is_read_beside_a_bearer_token(self, calls: Calls, cookie: str) -> None:
        headers = {"Cookie": f"{COOKIE}={cookie}", "Origin": URL, "Authorization": "Bearer x"}
        assert code_of(calls("GET", ME, headers=headers)) == "not-signed-in"

    def test_a_cookies_token_is_no_bearer_token(self, calls: Calls, cookie: str) -> None:
        assert code_of(calls("GET", ME, token=cookie)) == "not-signed-in"

    def test_a_bearer_token_is_no_cookie(self, calls: Calls) -> None:
        headers = {"Cookie": f"{COOKIE}={calls.enrol()}", "Origin": URL}
        assert code_of(calls("GET", ME, headers=headers)) == "not-signed-in"

    def test_two_cookies_are_none(self, calls: Calls, cookie: str) -> None:
        headers = {"Cookie": f"{COOKIE}={cookie}; {COOKIE}={cookie}", "Origin": URL}
        assert code_of(calls("GET", ME, headers=headers)) == "not-signed-in"

    def test_over_tls_only_the_bound_cookie_counts(self, calls: Calls, cookie: str) -> None:

        url = "https://bg.example.org"
        secure = Calls(create_app(calls.ctx, Settings(url=url)), calls.ctx)
        for name, status in ((COOKIE, 401), (f"__Host-{COOKIE}", 200)):
            headers = {"Cookie": f"{name}={cookie}", "Origin": url}
            assert secure("GET", ME, headers=headers, base_url=url).status_code == status

    @pytest.mark.parametrize("name", ["remember_token", "session"])
    def test_the_libraries_own_cookies_mean_nothing(self, calls: Calls, name: str) -> None:
        headers = {"Cookie": f"{name}=00000000-0000-4000-8000-000000000000|0000"}
        assert calls("GET", ME, headers=headers, token=calls.enrol()).status_code == 200
        answer = calls("GET", ME, headers=headers)
        assert code_of(answer) == "not-signed-in"
        assert "Set-Cookie" not in answer.headers


def test_a_page_of_another_site_is_refused_even_on_public_routes(calls: Calls) -> None:
    answer = calls(
        "POST",
        PARAMETERS,
        body={"email": "a@example.org"},
        headers={"Origin": "https://evil.example"},
    )
    assert (answer.status_code, code_of(answer)) == (403, "forbidden-origin")
    assert not [name for name in dict(answer.headers) if name.startswith("Access-Control")]
