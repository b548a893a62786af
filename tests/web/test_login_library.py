"""flask-login carries the caller and nothing else: no session and no cookie of its own."""

import hmac

import flask_login
import pytest
from flask import Flask, session
from flask.sessions import NullSession
from sqlalchemy import Connection

from service.domain.sessions import SessionKind
from service.storage import sessions as stored
from service.web.current import SignedIn, caller
from tests.contracts.tree import ROOT
from tests.usecases.people.acts import enrol
from tests.web.calling import ME, PARAMETERS, URL, Calls, code_of

COOKIE = "breakglass"
PERSON = "00000000-0000-4000-8000-000000000000"
THEIRS = [
    f"remember_token={PERSON}|0000",
    "remember_token=x",
    "remember_token=",
    f"remember_token={PERSON}|{hmac.new(b'a guess', PERSON.encode(), 'sha512').hexdigest()}",
    f"session={PERSON}|0000",
    "session=eyJfdXNlcl9pZCI6IjAifQ.aaaaaa.AAAAAAAAAAAAAAAAAAAAAAAAAAA",
    f"=={PERSON}|0000",
    f"=; =={PERSON}|0000",
    f'"="={PERSON}|0000',
]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The looks into the table of sessions, each with the digest that it looks for."""
    found: list[str] = []

    def by_token(connection: Connection, digest: str) -> object:
        found.append(digest)
        return looked(connection, digest)

    looked = stored.by_token
    monkeypatch.setattr(stored, "by_token", by_token)
    return found


@pytest.fixture
def looking(app: Flask) -> str:
    """A page for whoever is signed in, which looks at the caller again and again."""

    def look() -> str:
        names = {flask_login.current_user.is_authenticated for _ in range(20)}
        return str(names)

    app.add_url_rule("/looking", "looking", look)
    look.__dict__["access"] = app.view_functions["people.me"].__dict__["access"]
    return "/looking"


@pytest.mark.parametrize("cookie", THEIRS)
def test_a_cookie_of_the_librarys_changes_nothing(calls: Calls, cookie: str) -> None:
    headers = {"Cookie": cookie}
    assert calls("GET", ME, headers=headers, token=calls.enrol()).status_code == 200
    answer = calls("GET", ME, headers=headers)
    assert (answer.status_code, code_of(answer)) == (401, "not-signed-in")
    assert "Set-Cookie" not in answer.headers
    body = {"email": "a@example.org"}
    assert calls("POST", PARAMETERS, headers=headers, body=body).status_code == 200


@pytest.mark.parametrize("cookie", THEIRS)
def test_our_cookie_counts_beside_one_of_the_librarys(calls: Calls, cookie: str) -> None:
    ours = calls.token(enrol(calls.ctx), SessionKind.COOKIE)
    for both in (f"{COOKIE}={ours}; {cookie}", f"{cookie}; {COOKIE}={ours}"):
        answer = calls("GET", ME, headers={"Cookie": both, "Origin": URL})
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers


def test_there_is_no_flask_session_to_take_a_person_from(app: Flask, calls: Calls) -> None:
    assert app.config["SECRET_KEY"] is None
    with app.test_request_context(ME, base_url=URL):
        assert isinstance(session, NullSession)
        assert not session
        with pytest.raises(RuntimeError):
            session["_user_id"] = PERSON
    answer = calls("GET", ME, token=calls.enrol())
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_call_looks_once_for_its_session(calls: Calls, looking: str, looks: list[str]) -> None:
    token = calls.enrol()
    looks.clear()
    assert calls("GET", looking, token=token).text == "{True}"
    assert len(looks) == 1


def test_a_call_that_is_refused_looked_once_as_well(
    calls: Calls, looking: str, looks: list[str]
) -> None:
    assert calls("GET", looking, token="A" * 43).status_code == 401
    assert len(looks) == 1


def test_a_call_without_a_token_looks_for_no_session(calls: Calls, looks: list[str]) -> None:
    assert calls("GET", ME).status_code == 401
    assert calls("GET", ME, headers={"Authorization": "Bearer x"}).status_code == 401
    assert looks == []


def test_whoever_is_carried_is_the_caller(app: Flask, calls: Calls) -> None:
    token = calls.enrol()
    with app.test_request_context(ME, base_url=URL, headers={"Authorization": f"Bearer {token}"}):
        assert isinstance(flask_login.current_user, SignedIn)
        assert flask_login.current_user.caller is caller()


def test_nothing_private_of_the_library_is_used() -> None:
    for name in ("access", "current", "page", "reading"):
        text = (ROOT / "service" / "web" / f"{name}.py").read_text()
        assert "SLF001" not in text
        assert "type: ignore" not in text
        assert "_login_user" not in text
