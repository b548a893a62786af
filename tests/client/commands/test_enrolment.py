import json
import stat
from pathlib import Path
from typing import Any

import pytest

from crypto.encoding import b64encode
from crypto.identity import Identity
from crypto.phrase import generate_phrase
from crypto.randomness import random_uuid
from service.storage import log
from service.usecases.context import Context
from tests.client.devices import Device, Lying


def enrolled(operator: Device, name: str = "Ann") -> Device:
    return operator.invite(name)


def size(service: Context) -> int:
    with service.read() as unit:
        return log.head(unit.session).size


def test_a_link_makes_keys_and_a_phrase_on_the_device(operator: Device) -> None:
    ann = enrolled(operator)
    assert stat.S_IMODE(ann.phrase_file.stat().st_mode) == 0o600
    assert len(ann.phrase_file.read_text().split()) == 11
    assert ann.do("whoami")["words"] == ann.words
    assert len(ann.do("slots")["slots"]) == 1


def test_neither_phrase_nor_root_is_kept_on_the_device_or_sent(operator: Device) -> None:
    sent = bytearray()

    class Recorded(Lying):
        def handle_request(self, request: Any) -> Any:
            sent.extend(request.read())
            return super().handle_request(request)

    link = operator.do("invite", "ann@corp.example", "Ann")["url"]
    home = operator.home.parent / "ann"
    ann = Device("Ann", home, Recorded(operator.transport, "", lambda answer: answer))
    ann.enrol(link)
    phrase = ann.phrase_file.read_text().split()
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    for place in (bytes(sent), kept):
        assert " ".join(phrase).encode() not in place
        assert " ".join(phrase[:10]).encode() not in place


def test_at_a_terminal_the_phrase_is_typed_back_whole(
    operator: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = generate_phrase()
    monkeypatch.setattr("service.client.cli.phrases.generate_phrase", lambda: words)
    link = operator.do("invite", "ann@corp.example", "Ann")["url"]
    ann = Device("Ann", operator.home.parent / "ann", operator.transport)
    slip, other = " ".join(words[:-1]), " ".join(generate_phrase())
    result = ann.run("enroll", link, typed=f"y\n{slip}\n{other}\n{' '.join(words).upper()}\n")
    assert result.exit_code == 0, result.output
    assert "a recovery phrase has 11 words, not 10" in result.output
    assert "That is not the same phrase" in result.output
    assert not set(words) & set(result.stdout.split())  # shown, but never in what may be piped
    ann.phrase_file.write_text(" ".join(words))
    ann.phrase_file.chmod(0o600)
    ann.do("login")


def test_saying_that_it_is_somebody_else_enrols_nobody(service: Context, operator: Device) -> None:
    link = operator.do("invite", "ann@corp.example", "Ann")["url"]
    before = size(service)
    ann = Device("Ann", operator.home.parent / "ann", operator.transport)
    assert ann.refused("enroll", link, typed="n\n") == "not-confirmed"
    assert size(service) == before
    assert not ann.home.exists()


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("http://localhost:8420/enroll", "malformed-link"),
        ("http://localhost:8420/enroll#short", "malformed-link"),
        ("http://evil.example/enroll#" + "a" * 43, "insecure-server"),
        ("https://host/other/enroll#" + "a" * 43, "insecure-server"),
        ("nonsense", "insecure-server"),
    ],
)
def test_a_damaged_link_is_refused_and_its_token_not_repeated(
    tmp_path: Path, operator: Device, link: str, code: str
) -> None:
    ann = Device("Ann", tmp_path / "ann", operator.transport)
    result = ann.run("enroll", link, "--yes", "--phrase-out", str(tmp_path / "p"))
    assert f"[{code}]" in result.stderr
    assert "a" * 43 not in result.output
    assert not (tmp_path / "p").exists()


def test_a_used_link_leaves_no_phrase_behind(operator: Device, tmp_path: Path) -> None:
    link = operator.do("invite", "ann@corp.example", "Ann")["url"]
    Device("Ann", tmp_path / "ann", operator.transport).enrol(link)
    again = Device("Ann", tmp_path / "again", operator.transport)
    assert again.refused("enroll", link, "--yes", "--phrase-out", str(tmp_path / "p")) != ""
    assert not (tmp_path / "p").exists()
    assert not again.home.exists()


def test_an_existing_phrase_file_is_not_overwritten(operator: Device, tmp_path: Path) -> None:
    (tmp_path / "p").write_text("mine")
    link = operator.do("invite", "ann@corp.example", "Ann")["url"]
    ann = Device("Ann", tmp_path / "ann", operator.transport)
    assert ann.refused("enroll", link, "--yes", "--phrase-out", str(tmp_path / "p")) == "file"
    assert (tmp_path / "p").read_text() == "mine"


def test_a_link_comes_in_by_standard_input(operator: Device, tmp_path: Path) -> None:
    link = operator.do("invite", "ann@corp.example", "Ann")["url"]
    ann = Device("Ann", tmp_path / "ann", operator.transport)
    out = str(ann.phrase_file)
    result = ann.run("enroll", "-", "--yes", "--phrase-out", out, typed=link + "\n")
    assert result.exit_code == 0, result.output


def test_one_home_is_one_persons(operator: Device) -> None:
    link = operator.do("invite", "ann@corp.example", "Ann")["url"]
    guest = Device("Ann", operator.home, operator.transport)
    assert guest.refused("enroll", link, "--yes", "--phrase-out", "/dev/null") == "home-in-use"
    ann = enrolled(operator)
    stray = Device("Ann", operator.home, operator.transport)
    assert stray.phrase_file == ann.phrase_file
    assert stray.refused("login", "--email", ann.email) == "home-in-use"
    assert operator.do("whoami")["name"] == "Olga"


def test_another_device_signs_in_with_the_phrase_alone(operator: Device, tmp_path: Path) -> None:
    ann = enrolled(operator)
    other = Device("Ann", tmp_path / "laptop", operator.transport)
    other.do("login", "--server", "http://localhost:8420", "--email", "ANN@corp.example")
    assert other.do("whoami")["words"] == ann.words


def test_a_wrong_phrase_and_an_unknown_person_are_refused_alike(
    operator: Device, tmp_path: Path
) -> None:
    ann = enrolled(operator)
    ann.phrase_file.write_text(" ".join(generate_phrase()))
    stranger = Device("Ann", tmp_path / "stranger", operator.transport)
    at = ("--server", "http://localhost:8420")
    wrong = stranger.refused("login", *at, "--email", ann.email)
    assert wrong == stranger.refused("login", *at, "--email", "nobody@corp.example")
    assert not stranger.home.exists()


@pytest.mark.parametrize(
    ("text", "mode", "code"),
    [
        ("abandon", 0o600, "malformed-phrase"),
        ("\u00e9", 0o600, "malformed-phrase"),
        ("", 0o600, "malformed-phrase"),
        ("academic acid acne", 0o644, "phrase-open"),
    ],
)
def test_a_phrase_file_is_read_strictly(operator: Device, text: str, mode: int, code: str) -> None:
    operator.phrase_file.write_text(text, encoding="utf-8")
    operator.phrase_file.chmod(mode)
    result = operator.run("login", "--phrase-file", str(operator.phrase_file))
    assert f"[{code}]" in result.stderr
    assert not text or text not in result.output


def test_a_typing_slip_at_the_terminal_is_asked_again(operator: Device) -> None:
    phrase = operator.phrase_file.read_text()
    result = operator.run("login", typed=f"one two\n{phrase}\n")
    assert result.exit_code == 0, result.output
    assert phrase.strip() not in result.output


def test_logout_ends_the_session_here_and_there(operator: Device) -> None:
    token = (operator.home / "token").read_bytes()
    operator.do("logout")
    assert operator.refused("whoami") == "not-signed-in"
    (operator.home / "token").write_bytes(token)
    (operator.home / "token").chmod(0o600)
    assert operator.refused("whoami") == "not-signed-in"


def test_an_act_signs_in_again_when_the_session_is_over(operator: Device) -> None:
    ann = enrolled(operator)
    token = (ann.home / "token").read_bytes()
    ann.do("logout")
    (ann.home / "token").write_bytes(token)  # kept, and no longer good
    (ann.home / "token").chmod(0o600)
    ann.do("slots", "replace", "--phrase-out", str(ann.home / "new"))
    assert ann.do("whoami")["words"] == ann.words


def test_a_new_phrase_replaces_the_old_one(operator: Device, tmp_path: Path) -> None:
    ann = enrolled(operator)
    ann.do("slots", "replace", "--phrase-out", str(tmp_path / "new"))
    assert ann.refused("login") != ""
    ann.phrase_file.write_text((tmp_path / "new").read_text())
    ann.do("login")
    assert ann.do("whoami")["words"] == ann.words


def with_passkeys(answer: Any) -> Any:
    [phrase] = answer["slots"]
    passkeys = [
        {**phrase, "kind": kind, "slot": random_uuid(), "credential": "QUJD", "salt": ""}
        for kind in ("passkey", "sign-in-only")
    ]
    return {"slots": [passkeys[0], phrase, passkeys[1]]}


def test_passkeys_are_listed_and_passed_by_when_unlocking(operator: Device) -> None:
    several = Lying(operator.transport, "/slots", with_passkeys)
    device = Device("Olga", operator.home, several, operator.words)
    listed = device.says("slots").splitlines()
    for words in ("recovery phrase ", "passkey ", "passkey, for signing in only "):
        assert len([line for line in listed if words in f"{line} "]) >= 1, words
    device.do("login")
    assert device.do("whoami")["words"] == operator.words


def keys_of_somebody_else(answer: Any) -> Any:
    other = Identity.generate().public
    return answer | {
        "encryption_key": b64encode(other.encryption_key),
        "signing_key": b64encode(other.signing_key),
    }


def one_more(slots: Any) -> Any:
    return {"slots": slots["slots"] * 2}


def rewrapped(slots: Any) -> Any:
    return {"slots": [slot | {"wrapped_root": b64encode(bytes(60))} for slot in slots["slots"]]}


def resalted(slots: Any) -> Any:
    return {"slots": [slot | {"salt": b64encode(bytes(16))} for slot in slots["slots"]]}


@pytest.mark.parametrize(
    ("path", "lie", "code"),
    [
        ("/people/me", keys_of_somebody_else, "other-identity"),
        ("/people/me", lambda me: me | {"signing_key": ""}, "server-answer"),
        ("/slots", one_more, "wrong-slot"),
        ("/slots", rewrapped, "wrong-slot"),
        ("/slots", resalted, "wrong-slot"),
        ("/slots", lambda _: {"slots": []}, "wrong-slot"),
        ("/sessions/parameters", lambda p: p | {"iterations": 1000}, "server-answer"),
        ("/sessions/parameters", lambda p: p | {"salt": "AAAA"}, "not-verified"),
    ],
)
def test_a_service_that_lies_about_my_keys_is_refused_by_name(
    operator: Device, path: str, lie: Any, code: str
) -> None:
    lying = Device("Olga", operator.home, Lying(operator.transport, path, lie))
    command = "whoami" if path == "/people/me" else "login"
    assert lying.refused(command) == code


def test_an_identity_that_this_device_does_not_know_signs_nothing(operator: Device) -> None:
    config = operator.home / "config.json"
    known = json.loads(config.read_text())
    config.write_text(json.dumps(known | {"fingerprint": "0" * 64}))
    args = ("slots", "replace", "--phrase-out", str(operator.home / "new"))
    assert operator.refused(*args) == "other-identity"
    assert not (operator.home / "new").exists()


def test_new_keys_on_a_known_device_are_asked_about(operator: Device, tmp_path: Path) -> None:
    ann = enrolled(operator)
    link = operator.do("invite", ann.email, "Ann")["url"]
    elsewhere = Device("Ann", tmp_path / "elsewhere" / "ann", operator.transport)
    elsewhere.home.parent.mkdir()
    elsewhere.enrol(link)
    phrase = elsewhere.phrase_file.read_text()
    old = ann.phrase_file
    old.write_text(phrase)
    assert ann.refused("login", "--phrase-file", str(old), typed="n\n") == "not-confirmed"
    assert json.loads((ann.home / "config.json").read_text())["fingerprint"]
    ann.do("login")
    assert ann.do("whoami")["words"] == elsewhere.words
