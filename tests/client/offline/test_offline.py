"""The same release while the service is gone: by files, with the same statements and count."""

import json
import shutil
import time
from pathlib import Path

import pytest

from service.client.trust.heads import Head
from service.wire.offline import OfflineRequest
from tests.cast import ACCOUNT
from tests.client.acting import SECRET, revealed
from tests.client.devices import Device
from tests.client.offline.conftest import REASON, Gone

# ---------------------------------------------------------------- bundles


# ---------------------------------------------------------------- the whole way


def test_a_password_is_opened_by_files_and_brought_in_afterwards(gone: Gone) -> None:
    gus, case, fresh = gone["Gus"], gone.file("whole.case"), gone.ask("whole")
    given = gone.approve(fresh, "Ann", "Bob", "Dea", "Eli")
    password = revealed(gus, "offline", "open", gone.bundle, fresh, *given, "--case", case)
    assert password == SECRET
    assert SECRET.encode() not in b"".join(p.read_bytes() for p in gone.disk.iterdir())
    back = gone.people["Gus"]
    done = back.do("offline", "import", case, "--summary", "mended it")
    assert done["state"] == "rotation_due"
    assert back.refused("offline", "import", case) == "replayed"
    shown = back.do("show", done["id"])
    assert shown["offline"] is True
    assert not (gus.home / "requests" / f"{done['id']}.key").exists()
    assert back.do("accounts", "show", ACCOUNT)["state"] == "exposed"


def test_the_auditor_accepts_what_was_brought_in(gone: Gone, tmp_path: Path) -> None:
    operator = gone.people.operator
    exported = operator.do("audit", "export", str(tmp_path / "export"))
    report = operator.do(
        *("audit", "verify", str(tmp_path / "export"), "--key", exported["verifier_key"])
    )
    assert report["checked"]["offline releases"] == 1


def test_a_service_that_answers_is_said_first(gone: Gone, tmp_path: Path) -> None:
    gus, out = gone.people["Gus"], str(tmp_path / "request")
    command = ("offline", "request", gone.bundle, *REASON, "--out", out)
    phrase = ["--phrase-file", str(gus.phrase_file)]
    said = gus.run(*command, *phrase)
    assert said.exit_code == 1
    assert "the service answers" in said.stderr
    assert not Path(out).exists()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--lifetime", "30h"), "policy"),
        (("--me", "Ann"), "not-in-roster"),
        (("--me", "nobody"), "not-in-roster"),
        (("--task", "drill"), "unknown-task"),
    ],
)
def test_a_request_that_the_roster_does_not_permit_is_not_written(
    gone: Gone, tmp_path: Path, options: tuple[str, ...], code: str
) -> None:
    out = tmp_path / "request"
    command = ("offline", "request", gone.bundle, *REASON, "--out", str(out), *options)
    assert gone["Gus"].refused(*command) == code
    assert not out.exists()


def test_a_request_that_is_written_twice_leaves_the_first_and_nothing_else(
    gone: Gone, tmp_path: Path
) -> None:
    out = tmp_path / "request"
    command = ("offline", "request", gone.bundle, *REASON, "--out", str(out))
    gone["Gus"].do(*command)
    before, kept = out.read_bytes(), sorted(gone["Gus"].home.rglob("*"))
    assert gone["Gus"].refused(*command) == "file-exists"
    assert out.read_bytes() == before
    assert sorted(gone["Gus"].home.rglob("*")) == kept
    assert [path.name for path in tmp_path.iterdir()] == ["request"]


# ---------------------------------------------------------------- refusals


def test_too_few_decisions_open_nothing_and_ask_for_no_phrase(
    gone: Gone, asked: str, decisions: list[str], tmp_path: Path
) -> None:
    case = tmp_path / "case"
    for given in (decisions[:3], decisions[:2], decisions[2:], decisions[:1]):
        gus = gone["Gus"]
        result = gus.run("offline", "open", gone.bundle, asked, *given, "--case", str(case))
        assert "[no-quorum]" in result.stderr
        assert not case.exists()


def test_one_decision_given_twice_counts_once(
    gone: Gone, asked: str, decisions: list[str], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copy(decisions[0], copy)
    given = [decisions[0], str(copy), *decisions[2:]]
    assert gone["Gus"].refused("offline", "open", gone.bundle, asked, *given) == "no-quorum"


def test_decisions_on_another_request_open_nothing(gone: Gone, decisions: list[str]) -> None:
    other = gone.ask("other")
    code = gone["Gus"].refused("offline", "open", gone.bundle, other, *decisions)
    assert code == "decision-for-another-request"


def test_what_names_a_log_was_not_made_by_hand_and_would_keep_the_case_from_the_service(
    gone: Gone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    case, fresh = tmp_path / "case", gone.ask("silly")
    with monkeypatch.context() as patch:
        patch.setattr("service.client.offline.asking.NO_HEAD", Head(size=10**9, root="ab" * 32))
        [silly] = gone.approve(fresh, "Ann")
    given = [silly, *gone.approve(fresh, "Bob", "Dea", "Eli")]
    gus = gone["Gus"]
    opened = gus.run("offline", "open", gone.bundle, fresh, *given, "--case", str(case))
    assert "the decision of Ann names a log" in opened.stderr
    assert "[not-offline]" in opened.stderr
    assert not case.exists()


def test_a_share_that_was_exchanged_is_refused(gone: Gone, tmp_path: Path) -> None:
    fresh = gone.ask("exchanged")
    given = gone.approve(fresh, "Ann", "Bob", "Dea", "Eli")
    one, two = (json.loads(Path(p).read_text()) for p in given[:2])
    bad = tmp_path / "bad"
    bad.write_text(json.dumps(one | {"resealed_share": two["resealed_share"]}))
    code = gone["Gus"].refused("offline", "open", gone.bundle, fresh, str(bad), *given[1:])
    assert code == "foreign-share"


def test_only_the_device_that_asked_can_open(
    gone: Gone, asked: str, decisions: list[str], tmp_path: Path
) -> None:
    fresh = gone.ask("moved")
    given = gone.approve(fresh, "Ann", "Bob", "Dea", "Eli")
    device = gone["Gus"]
    other = Device(device.name, tmp_path / "empty", device.transport, device.words)
    command = ("offline", "open", gone.bundle, fresh, *given)
    phrase = ["--phrase-file", str(device.phrase_file), "--yes"]
    result = other.run(*command, *phrase)
    assert "[not-my-request]" in result.stderr


def test_nobody_approves_their_own_or_what_is_not_offline(gone: Gone, asked: str) -> None:
    assert gone["Gus"].refused("offline", "approve", gone.bundle, asked) == "self-approval"
    number = gone.people["Gus"].do("request", ACCOUNT, *REASON)["id"]
    online = gone.file("online.request")
    statement = gone.people["Ann"].do("show", number)["request"]["statement"]
    Path(online).write_text(
        OfflineRequest(format="breakglass-offline-request/1", request=statement).model_dump_json()
    )
    assert gone["Ann"].refused("offline", "approve", gone.bundle, online) == "not-offline"
    gone.people["Gus"].do("cancel", number, "--reason", "done")


def test_an_expired_request_is_refused_by_the_devices_own_clock(gone: Gone) -> None:
    short = gone.ask("short", "--lifetime", "1s")
    time.sleep(1.1)
    assert gone["Ann"].refused("offline", "approve", gone.bundle, short) == "expired"
    command = ("offline", "approve", gone.bundle, short)
    said = gone["Ann"].run(*command, *gone["Ann"].phrase_options(command)).stderr
    assert "this device's clock says 20" in said
    assert "by its requester's clock the request was made at 20" in said


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"format":"breakglass-bundle/1"}'])
def test_a_file_of_another_form_is_refused(gone: Gone, tmp_path: Path, text: str) -> None:
    path = tmp_path / "file"
    path.write_text(text)
    assert gone["Ann"].refused("offline", "approve", gone.bundle, str(path)) == "malformed-file"
    assert gone["Ann"].refused("offline", "request", str(path), *REASON) == "malformed-file"
    assert gone.people["Gus"].refused("offline", "import", str(path)) == "malformed-file"
