"""Papers of what sealers made of an envelope: hostile splits, other keys, several versions."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from crypto import statement as statements
from crypto.derived import derive
from crypto.opening import SealedEnvelope, seal_envelope
from crypto.randomness import random_bytes
from crypto.secret import SecretBytes
from crypto.sharing import combine
from service.client.shares.opening import combine_shares
from service.wire.offline import OfflinePapers
from tests.cast import CUSTODIANS, somebody
from tests.client import honest
from tests.client.devices import Device
from tests.client.honest import CONTENT, Sealed
from tests.client.offline.conftest import silent
from tests.client.offline.papers import SAID, bundle_of, mnemonic, saved
from tests.client.shares.test_opening import (
    BY,
    found_by,
    roster_for,
    sealed_by,
    two_whole_splits,
)
from tests.hostile import MIXED

NO_PAPER = {"a shorter secret", "no share at all"}  # their words are no 33 of the list


@pytest.fixture
def nobody(tmp_path: Path) -> Device:
    return Device("Rob", tmp_path / "empty", httpx.MockTransport(silent))


def command(folder: Path, bundle: bytes, papers: Sequence[str]) -> list[str]:
    path = folder / "account.bundle"
    path.write_bytes(bundle)
    report = ("--report", str(folder / "report"), "--yes")
    return ["offline", "papers", str(path), *saved(folder, papers), *SAID, *report]


def papers_of(sealed: Sealed, *names: str) -> list[str]:
    return [mnemonic(sealed, name) for name in names]


@pytest.fixture
def combined(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many shares were combined, at each try."""
    tries: list[int] = []
    real = combine_shares

    def counted(opened: Sequence[Any]) -> Any:
        tries.append(len(opened))
        return real(opened)

    monkeypatch.setattr("service.client.shares.combining.combine_shares", counted)
    return tries


@pytest.mark.parametrize("name", BY)
def test_papers_of_a_hostile_split_are_refused_before_anything_is_combined(
    nobody: Device, name: str, tmp_path: Path, combined: list[int]
) -> None:
    row = BY[name]
    sealed, bundle = sealed_by(row), bundle_of(roster_for(name), sealed_by(row))
    for person in sorted(found_by(row)):
        code = nobody.run(*command(tmp_path, bundle, papers_of(sealed, person)))
        if name == "one share in two hands":  # the paper says nothing of whose hands
            assert "the paper of ann, password group" in code.output
            assert "the probable cause is sam, who sealed it" in code.output
            continue
        wanted = "malformed-paper" if name in NO_PAPER else row.code
        assert f"[{wanted}]" in code.stderr
    done = nobody.run(*command(tmp_path, bundle, papers_of(sealed, *CUSTODIANS)))
    if name == "one share in two hands":
        assert "Opened with the shares of ann, cem, dea and eli." in done.output
        return
    assert done.exit_code == 1
    assert combined == []
    assert not (tmp_path / "report").exists()


def test_a_paper_of_another_split_is_left_out_by_name(
    nobody: Device, tmp_path: Path, combined: list[int]
) -> None:
    sealed, bundle = sealed_by(MIXED), bundle_of(roster_for(MIXED.name), sealed_by(MIXED))
    few = papers_of(sealed, "ann", "bob", "dea", "eli")
    assert nobody.refused(*command(tmp_path, bundle, few)) == "not-enough-shares"
    assert combined == []
    said = nobody.says(*command(tmp_path, bundle, papers_of(sealed, *CUSTODIANS)))
    assert "the share of ann is wrong and was left out" in said


def test_where_one_share_is_enough_a_paper_is_one_of_several(
    nobody: Device, tmp_path: Path
) -> None:
    sealed = honest.first_envelope()  # one of the second group is enough
    bundle = bundle_of(honest.first_roster(), sealed)
    done = nobody.do(*command(tmp_path, bundle, papers_of(sealed, "eli", "ann", "cem")))
    ids = [somebody(name).id for name in ("ann", "cem", "dea", "eli")]
    assert sorted(done["opened_with"]) == sorted(ids)
    said = nobody.says(*command(tmp_path, bundle, papers_of(sealed, "eli", "ann", "cem")))
    assert "This is the paper of one of dea, eli, MFA group, of version 1." in said


def test_papers_of_two_versions_are_told_apart_and_never_mixed(
    nobody: Device, tmp_path: Path
) -> None:
    first = honest.first_envelope()
    second = honest.seal_for(
        honest.first_roster(), version=2, previous=first.statement.digest, cause="rotation"
    )
    bundle = bundle_of(honest.first_roster(), first, second)
    mixed = [*papers_of(first, "ann", "dea"), *papers_of(second, "bob", "eli")]
    assert nobody.refused(*command(tmp_path, bundle, mixed)) == "not-enough-shares"
    enough = [*mixed, *papers_of(first, "cem")]
    said = nobody.says(*command(tmp_path, bundle, enough))
    assert "the paper of ann, password group, of version 1; version 2 is newer." in said
    assert "the paper of bob, password group, of version 2." in said
    assert "Opened with the shares of ann, cem, dea and eli." in said


def test_the_newer_of_two_versions_with_enough_papers_is_opened(
    nobody: Device, tmp_path: Path
) -> None:
    first = honest.first_envelope()
    second = honest.seal_for(
        honest.first_roster(), version=2, previous=first.statement.digest, cause="rotation"
    )
    bundle = bundle_of(honest.first_roster(), first, second)
    papers = [*papers_of(first, "ann", "bob", "dea"), *papers_of(second, "ann", "bob", "dea")]
    assert nobody.do(*command(tmp_path, bundle, papers))["version"] == 2


def stating_another_key(content: Any, **how: Any) -> SealedEnvelope:
    """The manifest states an opening key that its own secret does not give."""
    other = derive(SecretBytes(random_bytes(32))).opening
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crypto.opening.derive", lambda s: replace(derive(s), opening=other))
        return seal_envelope(content, **how)


def test_other_keys_than_the_secret_s_withhold_nothing_and_leave_no_report(
    nobody: Device, tmp_path: Path
) -> None:
    sealed = honest.seal_for(honest.first_roster(), sealing=stating_another_key)
    bundle = bundle_of(honest.first_roster(), sealed)
    out, into = os.pipe()
    papers = papers_of(sealed, "ann", "bob", "dea")
    said = nobody.says(*command(tmp_path, bundle, papers), "--out-fd", str(into))
    os.close(into)
    with os.fdopen(out) as file:
        assert file.read() == CONTENT.password
    assert "under a manifest with other keys" in said
    assert "No report can be signed" in said
    assert not (tmp_path / "report").exists()


def test_a_split_that_opens_nothing_is_put_aside_for_the_next(
    nobody: Device, tmp_path: Path
) -> None:
    row = two_whole_splits()
    sealed, bundle = sealed_by(row), bundle_of(roster_for(row.name), sealed_by(row))
    few = papers_of(sealed, "bob", "dea")
    assert nobody.refused(*command(tmp_path, bundle, few)) == "does-not-open"
    assert not (tmp_path / "report").exists()
    said = nobody.says(*command(tmp_path, bundle, [*few, *papers_of(sealed, "cem", "eli")]))
    assert "the share of bob is wrong and was left out" in said


def test_a_report_that_its_opener_wrote_of_another_envelope_is_not_gone_on_with(
    nobody: Device, tmp_path: Path
) -> None:
    sealed = honest.first_envelope()
    papers = papers_of(sealed, "ann", "bob", "dea")
    opener = derive(combine(papers)).opening
    used = [
        {"group": honest.group_of(n), "custodian": somebody(n).id} for n in ("ann", "bob", "dea")
    ]
    fields = {"manifest": "0" * 64, "papers": used, "name": "x", "place": "", "reason": ""}
    report = statements.sign("papers", fields, identity=opener, at=honest.START)
    shape = OfflinePapers(format="breakglass-offline-papers/1", report=honest.wire(report))
    (tmp_path / "report").write_text(shape.model_dump_json())
    bundle = bundle_of(honest.first_roster(), sealed)
    assert nobody.refused(*command(tmp_path, bundle, papers)) == "file-exists"
