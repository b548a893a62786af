"""The service answers under its own name, and reads no proxy's word for it."""

import pytest

from service.config import Settings
from service.usecases.context import Context
from service.web.app import create_app
from service.web.hosts import Site
from tests.web.calling import ME, Calls, code_of


def site(url: str, bind: str = "127.0.0.1:8420") -> Site:
    return Site.of(Settings(url=url, bind=bind))


LOOPBACK = {"localhost:8420", "127.0.0.1:8420", "[::1]:8420"}


@pytest.mark.parametrize(
    ("url", "bind", "origin", "hosts"),
    [
        ("http://localhost:8420", "127.0.0.1:8420", "http://localhost:8420", LOOPBACK),
        (
            "https://BG.example.org",
            "127.0.0.1:8420",
            "https://bg.example.org",
            LOOPBACK | {"bg.example.org", "bg.example.org:443"},
        ),
        (
            "https://bg.example.org:443",
            "0.0.0.0:8420",
            "https://bg.example.org",
            {"bg.example.org", "bg.example.org:443"},
        ),
        (
            "https://bg.example.org:8443",
            "10.0.0.1:8443",
            "https://bg.example.org:8443",
            {"bg.example.org:8443"},
        ),
        (
            "http://[::1]:80",
            "10.0.0.1:80",
            "http://[::1]",
            {"[::1]", "[::1]:80"},
        ),
    ],
)
def test_a_site_knows_its_names(url: str, bind: str, origin: str, hosts: set[str]) -> None:
    found = site(url, bind)
    assert (found.origin, set(found.hosts)) == (origin, hosts)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost",
        "localhost:80",
        "localhost:8420.evil.example",
        "localhost:8420,evil.example",
        "evil.example:8420",
        "user@localhost:8420",
        "localhost:08420",
        "",
    ],
)
def test_another_name_is_refused_before_anything_else(calls: Calls, host: str) -> None:
    answer = calls("GET", ME, headers={"Host": host})
    assert (answer.status_code, code_of(answer)) == (421, "wrong-host")


def test_no_name_at_all_is_refused(calls: Calls) -> None:
    answer = calls("GET", ME, environ_overrides={"HTTP_HOST": ""})
    assert code_of(answer) == "wrong-host"


@pytest.mark.parametrize("host", ["localhost:8420", "LOCALHOST:8420", "127.0.0.1:8420"])
def test_its_own_names_are_taken(calls: Calls, host: str) -> None:
    assert calls("GET", "/healthz", headers={"Host": host}).status_code == 200


def test_forwarded_headers_are_not_read(ctx: Context) -> None:
    calls = Calls(create_app(ctx, Settings(url="https://bg.example.org")), ctx)
    forwarded = {
        "X-Forwarded-Host": "bg.example.org",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "127.0.0.1",
        "Forwarded": "host=bg.example.org",
    }
    answer = calls("GET", "/healthz", headers={"Host": "evil.example", **forwarded})
    assert code_of(answer) == "wrong-host"
