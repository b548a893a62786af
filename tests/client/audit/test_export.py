"""An export proves itself: any bit that is not as it was makes the verification fail."""

import dataclasses
import json
import re
import shutil
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.note import NoteSigner
from crypto.randomness import random_bytes
from crypto.secret import SecretBytes
from service.client.audit.tree.plain import Run
from service.client.audit.tree.tree import open_export, verified_steps
from service.client.audit.verify import verified
from service.client.foundation.errors import ClientRefusal
from tests.cast import ACCOUNT
from tests.client.audit.exporting import rewritten, run_verify
from tests.client.audit.exports import encoded, leaves, log, place, story, write
from tests.client.honest import ORIGIN, START
from tests.client.logs import Log


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("audit") / "export", log())


def test_an_export_is_verified_and_reported(export: Path) -> None:
    digest = leaves()[place("roster:accepted")].details["roster"]
    result = run_verify(export, "--roster", f"{ACCOUNT}={digest}", "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert report["ok"] is True
    assert report["size"] == len(story())
    assert report["checked"]["quorums"] == 5
    assert any("no checkpoint from outside" in remark for remark in report["remarks"])
    assert not any("--roster" in remark for remark in report["remarks"])


def test_the_report_for_people_says_how_much_was_checked(export: Path) -> None:
    result = run_verify(export)
    assert result.exit_code == 0, result.output
    assert f"{len(story())} leaves, nothing is wrong" in result.stdout
    assert f"--roster {ACCOUNT}=" in result.stderr


@given(choice=st.data())
@settings(max_examples=60, deadline=None)
def test_a_flipped_bit_anywhere_is_refused(
    choice: st.DataObject, tmp_path_factory: pytest.TempPathFactory, export: Path
) -> None:
    folder = tmp_path_factory.mktemp("flipped") / "export"
    shutil.copytree(export, folder)
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    path = choice.draw(st.sampled_from(files))
    data = bytearray(path.read_bytes())
    bit = choice.draw(st.integers(0, len(data) * 8 - 1))
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)
    with pytest.raises(ClientRefusal):
        verified(folder, log().signer.verifier, anchors={}, marks=[])


def files_of(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_a_missing_or_shortened_or_longer_file_is_refused(export: Path, tmp_path: Path) -> None:
    for number, name in enumerate(files_of(export)):
        for how in ("missing", "shorter", "longer"):
            folder = tmp_path / f"{number}-{how}"
            shutil.copytree(export, folder)
            path = folder / name
            data = path.read_bytes()
            if how == "missing":
                path.unlink()
            else:
                path.write_bytes(data[:-1] if how == "shorter" else data + b"\n")
            with pytest.raises(ClientRefusal) as caught:
                verified(folder, log().signer.verifier, anchors={}, marks=[])
            assert caught.value.code in {"export-damaged", "log-not-signed"}, (name, how)


def test_another_logs_key_is_refused(export: Path) -> None:
    other = NoteSigner(ORIGIN, SecretBytes(random_bytes(32))).verifier
    with pytest.raises(ClientRefusal) as caught:
        verified(export, other, anchors={}, marks=[])
    assert caught.value.code == "log-not-signed"


# ---------------------------------------------------------------- checkpoints from outside


def mailed(note: str, folder: Path, *, quoted: bool = False) -> Path:
    message = EmailMessage()
    message["Subject"] = "payments: released"
    text = f"Something happened.\n\nKeep this mail; verify reads it:\n\n{note}\n-- \nbreakglass\n"
    if quoted:
        text = "".join(f"> {line}\n" for line in text.split("\n"))
    message.set_content(text, cte="quoted-printable")
    path = folder / f"mail-{quoted}.eml"
    path.write_bytes(message.as_bytes())
    return path


def test_checkpoints_that_left_the_house_agree_with_an_honest_log(
    export: Path, tmp_path: Path
) -> None:
    since = tmp_path / "since"
    since.write_text(log().checkpoint(40))
    mails = [mailed(log().checkpoint(n), tmp_path, quoted=q) for n, q in ((77, False), (99, True))]
    options = [text for mail in mails for text in ("--mail", str(mail))]
    result = run_verify(export, "--since", str(since), *options, "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert [c["size"] for c in report["checkpoints"]] == [40, 77, 99]
    assert not any("from outside" in remark for remark in report["remarks"])


def test_a_rewritten_log_is_accepted_without_and_refused_with_an_old_mail(tmp_path: Path) -> None:
    lying = rewritten()
    folder = write(tmp_path / "export", lying)
    assert run_verify(folder).exit_code == 0  # nobody can tell: the key has signed it
    index = place("roster:drafted")
    good, bad = mailed(log().checkpoint(index), tmp_path), tmp_path / "kept"
    bad.write_text(log().checkpoint(index + 10))
    result = run_verify(folder, "--mail", str(good), "--since", str(bad))
    assert result.exit_code == 1
    assert f"rewritten between leaf {index} and leaf {index + 9}" in result.stderr


def test_a_log_without_its_tail_is_refused_with_an_old_checkpoint(tmp_path: Path) -> None:
    cut = place("request:opened")
    folder = write(tmp_path / "export", Log(signer=log().signer, leaves=list(story()[:cut])))
    assert run_verify(folder).exit_code == 0
    since = tmp_path / "since"
    since.write_text(log().checkpoint(cut + 1))
    result = run_verify(folder, "--since", str(since))
    assert result.exit_code == 1
    assert "[log-cut]" in result.stderr


def test_a_mail_without_a_checkpoint_is_refused(export: Path, tmp_path: Path) -> None:
    forged = Log(leaves=list(story())).checkpoint(9)  # another key under the same name
    for note in ("no note at all\n", forged):
        mail = mailed(note, tmp_path)
        result = run_verify(export, "--mail", str(mail))
        assert "[not-a-checkpoint]" in result.stderr


def test_an_mbox_is_searched_message_by_message(export: Path, tmp_path: Path) -> None:
    box = tmp_path / "saved.mbox"
    parts = [mailed(log().checkpoint(n), tmp_path).read_bytes() for n in (12, 30)]
    box.write_bytes(b"".join(b"From x@y Mon Nov  2 09:00:00 2026\n" + p + b"\n" for p in parts))
    result = run_verify(export, "--mail", str(box), "--json")
    assert [c["size"] for c in json.loads(result.stdout)["checkpoints"]] == [12, 30]


def test_an_account_of_the_notes_that_is_not_in_the_log_is_refused(export: Path) -> None:
    result = run_verify(export, "--roster", f"999988887777={'0' * 64}")
    assert result.exit_code == 1
    assert "[roster-anchor]" in result.stderr


# ---------------------------------------------------------------- long logs


def test_tiles_of_several_levels_are_written_and_read_back(tmp_path: Path) -> None:
    long = Log()
    for _ in range(600):
        long.append("session:opened", subject="service", at=START, details={"session": "s"})
    folder = write(tmp_path / "export", long)
    assert (folder / "tile/0/001").stat().st_size == 256 * 32
    assert (folder / "tile/0/002.p/88").is_file()
    assert (folder / "tile/1/000.p/2").is_file()
    checkpoint = open_export(folder, long.signer.verifier)
    steps = list(verified_steps(folder, checkpoint, []))
    assert sum(step.count for step in steps if isinstance(step, Run)) == 600
    (folder / "tile/1/000.p/2").write_bytes(bytes(64))
    with pytest.raises(ClientRefusal) as caught:
        list(verified_steps(folder, checkpoint, []))
    assert caught.value.code == "export-damaged"


# ---------------------------------------------------------------- taking an export


# ---------------------------------------------------------------- rewritten by who holds the key


@given(choice=st.data())
@settings(max_examples=60, deadline=None)
def test_no_single_change_that_the_key_signs_agrees_with_a_checkpoint_that_left_the_house(
    choice: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A leaf left out, told twice, moved, or told otherwise, and everything signed again."""
    written = leaves()
    place_ = choice.draw(st.integers(0, len(written) - 1))
    how = choice.draw(st.sampled_from(["left out", "twice", "moved", "another actor", "later"]))
    leaf = written[place_]
    if how == "left out":
        written.pop(place_)
    elif how == "twice":
        written.insert(place_, leaf)
    elif how == "moved":
        written.insert(choice.draw(st.integers(0, len(written) - 1)), written.pop(place_))
    elif how == "another actor":
        written[place_] = dataclasses.replace(leaf, actor="ops:somebody")
    else:
        written[place_] = dataclasses.replace(leaf, at=leaf.at + timedelta(seconds=1))
    lying = encoded(written)
    if lying == list(story()):
        return
    folder = write(
        tmp_path_factory.mktemp("resigned") / "export", Log(signer=log().signer, leaves=lying)
    )
    kept = folder.parent / "kept"
    kept.write_text(log().checkpoint())
    result = run_verify(folder, "--since", str(kept))
    assert result.exit_code == 1
    assert re.search(r"leaf \d+|after the last leaf|export ends after \d+", result.stderr)
