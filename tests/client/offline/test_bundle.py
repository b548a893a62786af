"""A bundle is for its owner alone, and a lie in it is refused."""

import json
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cast import ACCOUNT
from tests.client.devices import Device, Lying
from tests.client.offline.conftest import REASON, Gone


def test_a_bundle_is_written_once_for_its_owner_alone(gone: Gone) -> None:
    path = Path(gone.bundle)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    assert gone.people["Bob"].refused("bundle", ACCOUNT, "--out", gone.bundle) == "file-exists"
    assert path.read_bytes() == before
    assert [p.name for p in gone.disk.iterdir() if p.name.startswith(".")] == []


def first_envelope(**changes: Any) -> Callable[[Any], Any]:
    def lie(answer: Any) -> Any:
        answer["envelopes"][0] |= changes
        return answer

    return lie


def shares_exchanged(answer: Any) -> Any:
    one, two = answer["envelopes"][0]["sealed_shares"][:2]
    one["sealed_share"], two["sealed_share"] = two["sealed_share"], one["sealed_share"]
    return answer


def without(*path: str | int) -> Callable[[Any], Any]:
    def lie(answer: Any) -> Any:
        place = answer
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]
        return answer

    return lie


def slots_exchanged(answer: Any) -> Any:
    one, two = answer["slots"][:2]
    one["wrapped_root"], two["wrapped_root"] = two["wrapped_root"], one["wrapped_root"]
    return answer


def slot_of_another(answer: Any) -> Any:
    one, two = answer["slots"][:2]
    one["person"], two["person"] = two["person"], one["person"]
    return answer


def no_slots(answer: Any) -> Any:
    return answer | {"slots": []}


def grown(answer: Any) -> Any:
    """The checkpoint is well formed and covers more than the log has signed."""
    origin, size, rest = answer["checkpoint"].split("\n", 2)
    return answer | {"checkpoint": f"{origin}\n{int(size) + 1}\n{rest}"}


BUNDLE_LIES: Sequence[tuple[Callable[[Any], Any], str]] = (
    (first_envelope(content="A" * 720), "content-replaced"),
    (shares_exchanged, "content-replaced"),
    (without("envelopes", 0, "sealed_shares", 0), "bundle-lacks"),
    (slots_exchanged, "bundle-replaced"),
    (slot_of_another, "bundle-replaced"),
    (no_slots, "bundle-lacks"),
    (without("chain", 0), "roster-chain"),
    (lambda answer: answer | {"checkpoint": "x\n1\ny\n"}, "bundle-damaged"),
    (lambda answer: answer | {"checkpoint": answer["checkpoint"].rstrip()}, "bundle-damaged"),
    (lambda answer: answer | {"verifier_key": "key"}, "bundle-damaged"),
    (grown, "log-not-signed"),
    (lambda answer: answer | {"account": "999988887777"}, "roster-chain"),
    (
        lambda answer: answer | {"envelopes": answer["envelopes"] * 2},
        "bundle-replaced",
    ),
)


@pytest.mark.parametrize(("lie", "code"), BUNDLE_LIES)
def test_a_bundle_that_lies_is_refused_and_not_written(
    gone: Gone, lie: Callable[[Any], Any], code: str
) -> None:
    path = gone.disk / "lie.bundle"
    device = gone.people["Ann"]
    lying = Device(
        device.name, device.home, Lying(device.transport, f"/accounts/{ACCOUNT}/bundle", lie)
    )
    assert lying.refused("bundle", ACCOUNT, "--out", str(path)) == code
    assert not path.exists()


@pytest.mark.parametrize(("lie", "code"), BUNDLE_LIES)
def test_a_bundle_that_was_changed_on_its_disk_is_refused(
    gone: Gone, lie: Callable[[Any], Any], code: str, tmp_path: Path
) -> None:
    path = tmp_path / "changed.bundle"
    path.write_text(json.dumps(lie(json.loads(Path(gone.bundle).read_text()))))
    out = tmp_path / "request"
    assert gone["Gus"].refused("offline", "request", str(path), *REASON, "--out", str(out)) == code
    assert not out.exists()
