"""The cookie: who gets one, what is in it, how it goes."""

from http.cookies import Morsel, SimpleCookie

import pytest
from werkzeug.test import TestResponse

from service.config import Settings
from service.usecases import assertions
from service.web.app import create_app
from tests.fakes.authenticator import Authenticator
from tests.usecases.people import passkeys
from tests.usecases.people.acts import Someone, enrol, sign_in_body
from tests.web.calling import ME, URL, Calls, code_of

SESSIONS = "/api/v1/sessions"
OURS = {"Origin": URL}


@pytest.fixture
def ann(calls: Calls) -> Someone:
    return enrol(calls.ctx)


def cookie_of(answer: TestResponse) -> Morsel[str]:
    [header] = answer.headers.getlist("Set-Cookie")
    [morsel] = SimpleCookie(header).values()
    return morsel


def phrase(ann: Someone, *, cookie: bool = True) -> dict[str, object]:
    return sign_in_body(ann, cookie=cookie).model_dump()


def use(calls: Calls, device: Authenticator, **wrong: object) -> dict[str, object]:
    answer = device.use(assertions.sign_in_options(calls.ctx), **wrong)
    return {"assertion": answer.model_dump()}


def test_a_phrase_opens_a_session_in_a_cookie(calls: Calls, ann: Someone) -> None:
    answer = calls("POST", SESSIONS, body=phrase(ann), headers=OURS)
    assert answer.status_code == 201
    cookie = cookie_of(answer)
    assert answer.json is not None
    assert (answer.json["person"], answer.json["token"]) == (ann.person, "")
    assert cookie.value not in answer.text
    assert calls("GET", ME, headers={**OURS, "Cookie": f"breakglass={cookie.value}"}).json == (
        calls("GET", ME, token=calls.token(ann)).json
    )
    assert code_of(calls("GET", ME, token=cookie.value)) == "not-signed-in"


def test_a_passkey_opens_a_session_in_a_cookie(calls: Calls, ann: Someone) -> None:
    device = passkeys.add(calls.ctx, ann)
    answer = calls("POST", f"{SESSIONS}/passkey", body=use(calls, device), headers=OURS)
    assert answer.status_code == 201
    cookie = cookie_of(answer)
    assert cookie.value not in answer.text
    headers = {**OURS, "Cookie": f"breakglass={cookie.value}"}
    assert calls("GET", ME, headers=headers).status_code == 200


def test_no_script_and_no_other_site_gets_at_it(calls: Calls, ann: Someone) -> None:
    cookie = cookie_of(calls("POST", SESSIONS, body=phrase(ann), headers=OURS))
    assert (cookie.key, cookie["path"], cookie["domain"]) == ("breakglass", "/", "")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["secure"] == ""  # plain HTTP on the loopback address could not have it


def test_over_tls_it_is_bound_to_the_host(calls: Calls, ann: Someone) -> None:
    url = "https://bg.example.org"
    secure = Calls(create_app(calls.ctx, Settings(url=url)), calls.ctx)
    answer = secure("POST", SESSIONS, body=phrase(ann), headers={"Origin": url}, base_url=url)
    cookie = cookie_of(answer)
    assert (cookie.key, cookie["secure"], cookie["path"]) == ("__Host-breakglass", True, "/")


@pytest.mark.parametrize("way", ["phrase", "passkey"])
def test_nobody_is_signed_in_by_what_is_not_our_page(calls: Calls, ann: Someone, way: str) -> None:
    device = passkeys.add(calls.ctx, ann)
    body, path = (phrase(ann), "") if way == "phrase" else (use(calls, device), "/passkey")
    answer = calls("POST", f"{SESSIONS}{path}", body=body)
    assert (answer.status_code, code_of(answer)) == (403, "forbidden-origin")
    assert "Set-Cookie" not in answer.headers


def test_who_wants_a_token_gets_no_cookie(calls: Calls, ann: Someone) -> None:
    answer = calls("POST", SESSIONS, body=phrase(ann, cookie=False), headers=OURS)
    assert "Set-Cookie" not in answer.headers
    assert answer.json is not None
    assert calls("GET", ME, token=answer.json["token"]).status_code == 200


def test_a_failure_sets_nothing(calls: Calls, ann: Someone) -> None:
    device = passkeys.add(calls.ctx, ann)
    body = use(calls, device, signature=b"wrong")
    answer = calls("POST", f"{SESSIONS}/passkey", body=body, headers=OURS)
    assert (answer.status_code, code_of(answer)) == (401, "sign-in-failed")
    assert "Set-Cookie" not in answer.headers


def test_what_a_passkey_derives_is_refused(calls: Calls, ann: Someone) -> None:
    device = passkeys.add(calls.ctx, ann)
    body = use(calls, device)
    body["prf"] = {"results": {"first": "QUJD"}}
    answer = calls("POST", f"{SESSIONS}/passkey", body=body, headers=OURS)
    assert (answer.status_code, code_of(answer)) == (400, "malformed")


def test_ending_the_current_session_clears_it(calls: Calls, ann: Someone) -> None:
    opened = calls("POST", SESSIONS, body=phrase(ann), headers=OURS)
    other = calls("POST", SESSIONS, body=phrase(ann), headers=OURS)
    assert opened.json is not None
    assert other.json is not None
    headers = {**OURS, "Cookie": f"breakglass={cookie_of(opened).value}"}
    answer = calls("DELETE", f"{SESSIONS}/{other.json['session']}", headers=headers)
    assert answer.status_code == 204
    assert "Set-Cookie" not in answer.headers
    answer = calls("DELETE", f"{SESSIONS}/{opened.json['session']}", headers=headers)
    cookie = cookie_of(answer)
    assert (cookie.key, cookie.value, cookie["max-age"]) == ("breakglass", "", "0")
    assert (cookie["path"], cookie["samesite"]) == ("/", "Strict")
    assert code_of(calls("GET", ME, headers=headers)) == "not-signed-in"


@pytest.mark.parametrize(
    "proofs",
    [{}, {"sign_in_key": ""}, {"sign_in_key": "phrase", "assertion": "answer"}],
)
def test_a_proof_is_exactly_one(calls: Calls, ann: Someone, proofs: dict[str, object]) -> None:
    device, token = passkeys.add(calls.ctx, ann), calls.token(ann)
    body = dict(proofs)
    if body.get("sign_in_key"):
        body["sign_in_key"] = ann.phrase.key
    if "assertion" in body:
        body |= use(calls, device)
    answer = calls("POST", f"{SESSIONS}/fresh", token=token, body=body)
    assert (answer.status_code, code_of(answer)) == (400, "malformed")
