"""Counters are served on loopback, on a port of their own."""

from collections.abc import Iterator

import httpx
import pytest

from service.web.metrics import MetricsListener, start_metrics


@pytest.fixture(scope="module")
def listener() -> Iterator[MetricsListener]:
    listener = start_metrics(0)
    yield listener
    listener.close()


def get(listener: MetricsListener, path: str = "/metrics", **more: str) -> httpx.Response:
    url = f"http://127.0.0.1:{listener.server_port}{path}"
    return httpx.get(url, headers=more, trust_env=False)


def test_counters_are_served(listener: MetricsListener) -> None:
    answer = get(listener)
    assert answer.status_code == 200
    assert "breakglass_http_calls_total" in answer.text


def test_it_listens_on_loopback_only(listener: MetricsListener) -> None:
    assert listener.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "evil.example:{port}", ""])
def test_a_rebound_name_gets_nothing(listener: MetricsListener, host: str) -> None:
    answer = get(listener, Host=host.format(port=listener.server_port))
    assert (answer.status_code, answer.text) == (421, "")


def test_nothing_else_is_there(listener: MetricsListener) -> None:
    assert get(listener, "/").status_code == 404
    url = f"http://127.0.0.1:{listener.server_port}/metrics"
    assert httpx.post(url, trust_env=False).status_code == 405


def test_the_main_listener_has_none_of_it(listener: MetricsListener) -> None:
    with pytest.raises(OSError, match="in use"):
        start_metrics(listener.server_port)
