"""As whom somebody calls: one form of a token, and a cookie from our own pages alone."""

import pytest
from werkzeug.test import TestResponse

from service.config import Settings
from service.domain.sessions import SessionKind
from service.web.app import create_app
from tests.conftest import HandClock
from tests.usecases.people.acts import enrol
from tests.web.calling import ME, PARAMETERS, SLOTS, URL, Calls, code_of

COOKIE = "breakglass"
SESSION = "/api/v1/sessions/00000000-0000-4000-8000-000000000000"
CHANNEL = "/api/v1/accounts/111111111111/channel"


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


def test_a_page_of_another_site_is_refused_even_on_public_routes(calls: Calls) -> None:
    answer = calls(
        "POST",
        PARAMETERS,
        body={"email": "a@example.org"},
        headers={"Origin": "https://evil.example"},
    )
    assert (answer.status_code, code_of(answer)) == (403, "forbidden-origin")
    assert not [name for name in dict(answer.headers) if name.startswith("Access-Control")]
