"""Sealing, confirming and printing, and every lie that a sealer or custodian must not believe."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crypto.encoding import b64decode, b64encode
from crypto.sharing import parse_share
from crypto.spoken import roster_words
from crypto.statement import parse
from service.client.cli.invocation import Invocation
from service.client.cli.outlet import Outlet
from service.client.foundation.errors import ClientRefusal
from service.wire.base import Dsse
from tests.cast import ACCOUNT
from tests.client.conftest import EVERYBODY, MFA, PASSWORD, Organisation, organise, running
from tests.client.devices import URL, Device

PASSWORD_TEXT = "correct-Horse-battery-7-staple"
TO_FD = ("--out-fd", "1")  # an outlet that is there, and is not reached
ENVELOPES = f"/accounts/{ACCOUNT}/envelopes"
ROSTERS = f"/accounts/{ACCOUNT}/rosters"


def piped(text: bytes) -> int:
    """Return a descriptor from which ``text`` can be read."""
    out, into = os.pipe()
    os.write(into, text)
    os.close(into)
    return out


def seal(device: Device, *options: str, password: str = PASSWORD_TEXT) -> Any:
    fd = piped(password.encode() + b"\n")
    try:
        return device.do("seal", ACCOUNT, "--password-fd", str(fd), *options)
    finally:
        os.close(fd)


def honest(answer: Any) -> Any:
    """No lie: ``Device.told`` then shows that the device refuses before it posts anything."""
    return answer


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """A password is sealed and nobody has confirmed: for tests that change nothing."""
    folder = tmp_path_factory.mktemp("sealed")
    with running(folder) as ctx:
        people = organise(ctx, folder)
        people.sign(*EVERYBODY)
        assert seal(people["Gus"])["state"] == "unconfirmed"
        yield people


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """A roster is in force: for the tests that go on from there."""
    folder = tmp_path_factory.mktemp("whole")
    with running(folder) as ctx:
        people = organise(ctx, folder)
        people.sign(*EVERYBODY)
        yield people


def test_a_generated_password_goes_where_it_was_asked_to_and_nowhere_else(
    whole: Organisation,
) -> None:
    gus = whole["Gus"]
    out, into = os.pipe()
    result = gus.run(*("seal", ACCOUNT, "--out-fd", str(into)), *gus.phrase_options(("seal",)))
    os.close(into)
    with os.fdopen(out) as file:
        password = file.read()
    assert result.exit_code == 0, result.output
    assert len(password) == 64
    assert password not in result.output
    assert "second\nbrowser" in result.stdout
    kept = b"".join(path.read_bytes() for path in gus.home.rglob("*") if path.is_file())
    assert password.encode() not in kept
    shown = gus.says("seal", ACCOUNT, "--show", "--length", "20", typed="")
    assert re.search(r"^\S{20}$", shown, re.MULTILINE)


def test_custodians_confirm_until_the_envelope_is_ready(whole: Organisation) -> None:
    seal(whole["Gus"])
    for name in (*PASSWORD, *MFA[:-1]):
        assert whole[name].do("confirm", ACCOUNT)["state"] == "unconfirmed"
    assert whole["Ann"].told(honest, ENVELOPES, "confirm", ACCOUNT) == "already-confirmed"
    assert "ready and in force" in whole[MFA[-1]].says("confirm", ACCOUNT)
    assert "ready" in whole["Ann"].says("accounts", "show", ACCOUNT)
    assert "1 of" not in whole["Ann"].says()

    printed = whole["Ann"].says("paper", ACCOUNT, typed="")
    words = re.findall(r"^ ?(?:\d+ \w+ *)+$", printed, re.MULTILINE)
    mnemonic = " ".join(re.findall(r"[a-z]+", " ".join(words)))
    assert parse_share(mnemonic).group == "password"


def test_a_roster_that_changed_makes_a_sealed_password_stale(whole: Organisation) -> None:
    seal(whole["Gus"])
    whole.draft("--root-email", "root@elsewhere.example")
    for name in (*PASSWORD, *MFA):
        whole[name].do("roster", "sign", ACCOUNT)
    assert whole["Ann"].told(honest, ENVELOPES, "confirm", ACCOUNT) == "stale-roster"
    assert seal(whole["Gus"])["state"] == "unconfirmed"
    shown = whole["Ann"].says("accounts", "show", ACCOUNT)
    assert "roster    version 2" in shown


def test_only_a_sealer_seals(sealed: Organisation) -> None:
    assert sealed["Ann"].refused("seal", ACCOUNT, *TO_FD) == "not-in-roster"
    assert sealed.operator.refused("seal", ACCOUNT, *TO_FD) == "roster-not-mine"


@pytest.mark.parametrize(
    "password",
    [
        b"short1A",
        b"aB1-" * 32 + b"a",
        b"onlylowercaseletters",
        b"ROOT@corp.example",
        b"\x07bell-Bell-7",
        b"\xff",
    ],
)
def test_a_password_that_aws_refuses_is_refused_before_anything_is_sealed(
    sealed: Organisation, password: bytes
) -> None:
    fd = piped(password)
    try:
        code = sealed["Gus"].refused("seal", ACCOUNT, "--password-fd", str(fd))
    finally:
        os.close(fd)
    assert code == "weak-password"


def test_a_typed_password_is_typed_twice(sealed: Organisation) -> None:
    gus = sealed["Gus"]
    args = ("seal", ACCOUNT, "--typed")
    assert gus.refused(*args, typed=f"{PASSWORD_TEXT}\n{PASSWORD_TEXT}x\n") == "passwords-differ"
    result = gus.run(*args, typed=f"{PASSWORD_TEXT}\n{PASSWORD_TEXT}\nn\n")
    assert "[not-confirmed]" in result.stderr
    assert PASSWORD_TEXT not in result.output


@pytest.mark.parametrize(
    "options",
    [
        pytest.param([], id="generated, and nobody would ever see it"),
        pytest.param(["--show", "--length", "7"], id="too short"),
        pytest.param(["--show", "--length", "129"], id="too long"),
        pytest.param(["--typed", "--password-fd", "0"], id="two sources"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_asked(
    sealed: Organisation, options: list[str]
) -> None:
    assert sealed["Gus"].run("seal", ACCOUNT, *options).exit_code == 2


def test_an_outlet_that_is_not_there_is_refused_first(sealed: Organisation) -> None:
    assert sealed["Gus"].refused("seal", ACCOUNT, "--out-fd", "987") == "no-descriptor"
    with pytest.raises(ClientRefusal):
        Outlet(show=False, copy=False, out_fd=987).check(Invocation(home=sealed["Gus"].home))


def test_a_fresh_device_compares_the_roster_by_voice_before_it_seals(
    sealed: Organisation, tmp_path: Path
) -> None:
    fresh = Device("Gus", tmp_path / "fresh", sealed["Gus"].transport)
    fresh.phrase_file.write_text(sealed["Gus"].phrase_file.read_text())
    fresh.phrase_file.chmod(0o600)
    fresh.do("login", "--server", URL, "--email", fresh.email)
    fresh.do("accounts", "show", ACCOUNT)
    assert fresh.refused("seal", ACCOUNT, *TO_FD) == "needs-answer"
    wrong = "zero " * 8
    assert fresh.refused("seal", ACCOUNT, *TO_FD, "--digest-words", wrong) == "words-differ"


def test_what_was_compared_once_is_not_asked_again(whole: Organisation, tmp_path: Path) -> None:
    fresh = Device("Gus", tmp_path / "fresh", whole["Gus"].transport)
    fresh.phrase_file.write_text(whole["Gus"].phrase_file.read_text())
    fresh.phrase_file.chmod(0o600)
    fresh.do("login", "--server", URL, "--email", fresh.email)
    chain = fresh.do("roster", "show", ACCOUNT)["chain"]
    newest = parse(Dsse.model_validate(chain[-1]).model_dump_json().encode()).digest
    seal(fresh, "--digest-words", " ".join(roster_words(newest)))
    assert seal(fresh)["state"] == "unconfirmed"


def circular(detail: Any) -> Any:
    return detail | {"sns_topic_arn": f"arn:aws:sns:eu-west-1:{ACCOUNT}:notices"}


def misspelt(detail: Any) -> Any:
    return detail | {"sns_topic_arn": "arn:aws:sns:eu-west-1"}


def resigned(field: str) -> Callable[[Any], Any]:
    """A lie: the newest manifest says something else under the old signature."""

    def lie(shown: Any) -> Any:
        first = shown["envelopes"][0]
        payload = b64decode(first["manifest"]["payload"])
        start = payload.index(f'"{field}":"'.encode()) + len(field) + 4
        changed = payload[:start] + (b"b" if payload[start : start + 1] == b"a" else b"a")
        manifest = first["manifest"] | {"payload": b64encode(changed + payload[start + 1 :])}
        return {"envelopes": [first | {"manifest": manifest}, *shown["envelopes"][1:]]}

    return lie


def without_chain(shown: Any) -> Any:
    return shown | {"chain": []}


@pytest.mark.parametrize(
    ("path", "lie", "code"),
    [
        (f"/accounts/{ACCOUNT}", circular, "circular-channel"),
        (f"/accounts/{ACCOUNT}", misspelt, "server-answer"),
        (ENVELOPES, resigned("content_digest"), "manifest-forged"),
        (ENVELOPES, resigned("roster"), "roster-unknown"),
        (ROSTERS, without_chain, "roster-chain"),
    ],
)
def test_a_sealer_seals_on_no_lie(
    sealed: Organisation, path: str, lie: Callable[[Any], Any], code: str
) -> None:
    assert sealed["Gus"].told(lie, path, "seal", ACCOUNT, *TO_FD) == code


@pytest.mark.parametrize(
    ("path", "lie", "code"),
    [
        (ENVELOPES, resigned("content_digest"), "manifest-forged"),
        (ENVELOPES, lambda _: {"envelopes": []}, "no-envelope"),
        (ROSTERS, without_chain, "roster-chain"),
    ],
)
@pytest.mark.parametrize("command", [("confirm",), ("paper", *TO_FD)])
def test_a_custodian_signs_on_no_lie(
    sealed: Organisation,
    command: tuple[str, ...],
    path: str,
    lie: Callable[[Any], Any],
    code: str,
) -> None:
    assert sealed["Ann"].told(lie, path, *command, ACCOUNT) == code


def test_a_share_of_somebody_else_is_not_confirmed(sealed: Organisation) -> None:
    newest = sealed["Bob"].do("accounts", "show", ACCOUNT)["newest"]
    path = f"/envelopes/{newest}/share"
    bobs: list[Any] = []

    def seen(share: Any) -> Any:
        bobs.append(share["sealed_share"])
        return share | {"sealed_share": b64encode(bytes(250))}

    assert sealed["Bob"].told(seen, path, "confirm", ACCOUNT) == "content-replaced"
    for lie in (
        lambda share: share | {"sealed_share": bobs[0]},
        lambda share: share | {"sealed_share": b64encode(b64decode(share["sealed_share"])[:-1])},
        lambda share: share | {"sealed_share": b64encode(bytes(250))},
    ):
        assert sealed["Ann"].told(lie, path, "confirm", ACCOUNT) == "content-replaced"


def test_who_holds_no_share_confirms_nothing(sealed: Organisation) -> None:
    assert sealed["Gus"].refused("confirm", ACCOUNT) == "not-in-roster"
    assert sealed["Gus"].refused("paper", ACCOUNT, *TO_FD) == "not-in-roster"
