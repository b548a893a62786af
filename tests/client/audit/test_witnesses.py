"""What witnesses said counts for an auditor who knows them, and nothing passes for their word."""

import json
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from crypto.checkpoint import open_checkpoint
from crypto.cosignature import Cosigner
from crypto.secret import SecretBytes
from service.client.audit.tree.witnesses import COSIGNED
from service.client.cli.invocation import Invocation
from service.client.cli.prompts import Terminal
from service.client.main import cli
from tests.client.audit.exporting import Service, run_export
from tests.client.audit.exports import encoded, leaves, log, story, write
from tests.client.honest import START
from tests.client.logs import Log

ONE = Cosigner("one.example", SecretBytes(bytes([1]) * 32))
TWO = Cosigner("two.example", SecretBytes(bytes([2]) * 32))
AT = int(START.timestamp())
SIZE = len(story())


def cosigned(written: Log, size: int, *witnesses: Cosigner) -> str:
    note = written.checkpoint(size)
    checkpoint = open_checkpoint(note, written.signer.verifier)
    return note + "".join(one.cosign(checkpoint, AT) for one in witnesses)


def export_of(folder: Path, cosigned_note: str = "") -> Path:
    write(folder, log())
    if cosigned_note:
        (folder / COSIGNED).write_text(cosigned_note)
    return folder


def verify(folder: Path, *more: str, witnesses: tuple[Cosigner, ...] = ()) -> Result:
    given = [word for one in witnesses for word in ("--witness", one.verifier.vkey)]
    key = log().signer.verifier.vkey
    return CliRunner().invoke(
        cli,
        ["audit", "verify", str(folder), "--key", key, "--workers", "1", *given, *more],
        obj=Invocation(home=folder.parent / "home", terminal=Terminal(interactive=False)),
    )


def test_the_report_says_who_cosigned_how_much_and_when(tmp_path: Path) -> None:
    folder = export_of(tmp_path / "export", cosigned(log(), SIZE - 1, ONE, TWO))
    done = verify(folder, "--json", witnesses=(ONE, TWO))
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert [(w["witness"], w["size"], w["at"]) for w in report["witnesses"]] == [
        ("one.example", SIZE - 1, "2026-11-02T09:00:00Z"),
        ("two.example", SIZE - 1, "2026-11-02T09:00:00Z"),
    ]
    assert (report["witnesses_needed"], report["leaves_witnessed"]) == (2, SIZE - 1)
    assert not any("no checkpoint from outside" in remark for remark in report["remarks"])
    people = verify(folder, witnesses=(ONE, TWO))
    assert (
        f"2 of the 2 given have cosigned; at least 2 of them the first {SIZE - 1} of {SIZE} leaves"
        in people.stdout
    )


def test_what_as_many_as_demanded_have_seen_is_what_is_witnessed(tmp_path: Path) -> None:
    folder = export_of(tmp_path / "export", cosigned(log(), SIZE - 1, ONE))
    kept = tmp_path / "asked-two"
    kept.write_text(cosigned(log(), 7, TWO))
    for demanded, covered in ((1, SIZE - 1), (2, 7)):
        done = verify(
            folder,
            *("--since", str(kept), "--cosigned-by", str(demanded), "--json"),
            witnesses=(ONE, TWO),
        )
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)["leaves_witnessed"] == covered


def test_the_newest_word_of_a_witness_counts(tmp_path: Path) -> None:
    folder = export_of(tmp_path / "export", cosigned(log(), SIZE - 1, ONE))
    (folder / "checkpoint").write_text(cosigned(log(), SIZE, ONE))
    done = verify(folder, "--json", witnesses=(ONE,))
    assert json.loads(done.stdout)["leaves_witnessed"] == SIZE


@pytest.mark.parametrize("more", [(), ("--cosigned-by", "1")])
def test_a_log_that_no_witness_has_cosigned_is_not_enough_when_one_is_demanded(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    folder = export_of(tmp_path / "export", cosigned(log(), SIZE, TWO))
    done = verify(folder, *more, witnesses=(ONE,))
    assert (done.exit_code, "[not-witnessed]" in done.stderr) == (1, True)
    assert "0 of the 1 witnesses given have cosigned" in done.stderr


def test_without_a_demand_lines_of_others_are_ignored(tmp_path: Path) -> None:
    folder = export_of(tmp_path / "export", cosigned(log(), SIZE, TWO))
    done = verify(folder)
    assert done.exit_code == 0, done.output
    assert "witnesses   none given" in done.stdout
    assert "no checkpoint from outside was given" in done.stderr


def test_a_line_of_someone_whose_key_was_not_given_is_a_remark(tmp_path: Path) -> None:
    folder = export_of(tmp_path / "export", cosigned(log(), SIZE, ONE, TWO))
    done = verify(folder, "--json", witnesses=(ONE,))
    [remark] = [r for r in json.loads(done.stdout)["remarks"] if "two.example" in r]
    assert remark.startswith("the export's cosigned checkpoint has a signature in the name of")
    assert "counts for nothing" in remark
    assert not any("one.example" in r for r in json.loads(done.stdout)["remarks"])
    assert "name of two.example" in verify(folder).stderr


def test_a_forged_line_under_a_witness_s_name_is_refused(tmp_path: Path) -> None:
    other = open_checkpoint(log().checkpoint(3), log().signer.verifier)
    forged = log().checkpoint() + ONE.cosign(other, AT)
    folder = export_of(tmp_path / "export", forged)
    assert verify(folder).exit_code == 0  # who does not know the witness cannot tell
    done = verify(folder, witnesses=(ONE,))
    assert (done.exit_code, "[cosignature-forged]" in done.stderr) == (1, True)


def test_a_log_rewritten_under_its_own_key_is_exposed_by_what_a_witness_kept(
    tmp_path: Path,
) -> None:
    written = leaves()
    written[4] = replace(written[4], actor="ops:another")
    rewritten = Log(signer=log().signer, leaves=encoded(written))
    folder = export_of(tmp_path / "export")
    kept = tmp_path / "asked-one"
    kept.write_text(cosigned(rewritten, SIZE, ONE))
    done = verify(folder, "--since", str(kept), witnesses=(ONE,))
    assert (done.exit_code, "[log-rewritten]" in done.stderr) == (1, True)
    (folder / COSIGNED).write_text(cosigned(rewritten, SIZE - 1, ONE))
    done = verify(folder, witnesses=(ONE,))
    assert (done.exit_code, "[log-rewritten]" in done.stderr) == (1, True)


def test_a_witness_that_saw_more_than_the_export_exposes_a_missing_tail(tmp_path: Path) -> None:
    longer = Log(signer=log().signer, leaves=list(log().leaves))
    longer.append("session:opened")
    folder = export_of(tmp_path / "export")
    kept = tmp_path / "asked-one"
    kept.write_text(cosigned(longer, SIZE + 1, ONE))
    done = verify(folder, "--since", str(kept), witnesses=(ONE,))
    assert (done.exit_code, "[log-cut]" in done.stderr) == (1, True)


def test_a_cosigned_checkpoint_that_the_log_did_not_sign_is_refused(tmp_path: Path) -> None:
    folder = export_of(tmp_path / "export", cosigned(Log(leaves=log().leaves), SIZE, ONE))
    done = verify(folder, witnesses=(ONE,))
    assert (done.exit_code, "[log-not-signed]" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    "given",
    [
        ("--witness", "one.example"),
        ("--witness", log().signer.verifier.vkey),
        ("--witness", ONE.verifier.vkey, "--witness", ONE.verifier.vkey),
        (
            *("--witness", ONE.verifier.vkey, "--witness"),
            Cosigner("renamed.example", SecretBytes(bytes([1]) * 32)).verifier.vkey,
        ),
        ("--witness", ONE.verifier.vkey, "--cosigned-by", "2"),
        ("--cosigned-by", "1"),
    ],
)
def test_a_demand_that_makes_no_sense_is_malformed(tmp_path: Path, given: tuple[str, ...]) -> None:
    folder = export_of(tmp_path / "export")
    done = verify(folder, *given)
    assert (done.exit_code, "[malformed]" in done.stderr) == (1, True)


def test_the_filed_page_names_the_witnesses(tmp_path: Path) -> None:
    folder = export_of(tmp_path / "export", cosigned(log(), SIZE, ONE))
    page = tmp_path / "report.html"
    assert verify(folder, "--report", str(page), witnesses=(ONE, TWO)).exit_code == 1
    assert "not-witnessed" in page.read_text()
    page.unlink()
    done = verify(folder, "--report", str(page), "--cosigned-by", "1", witnesses=(ONE, TWO))
    assert done.exit_code == 0, done.output
    assert "one.example" in page.read_text()
    assert f"at least 1 of them the first {SIZE} of {SIZE} leaves" in page.read_text()


class Witnessed(Service):
    """Names a cosigned checkpoint with its export."""

    def __init__(self, note: str) -> None:
        super().__init__(log())
        self.note = note

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = super().__call__(request)
        if request.url.path != "/api/v1/exports":
            return answer
        return httpx.Response(201, json={**json.loads(answer.read()), "cosigned": self.note})


def test_an_export_brings_the_newest_cosigned_checkpoint_along(tmp_path: Path) -> None:
    note = cosigned(log(), SIZE - 1, ONE)
    assert run_export(Witnessed(note), tmp_path / "export").exit_code == 0
    assert (tmp_path / "export" / COSIGNED).read_text() == note
    assert verify(tmp_path / "export", witnesses=(ONE,)).exit_code == 0


def test_an_export_of_less_than_witnesses_have_seen_is_refused(tmp_path: Path) -> None:
    longer = Log(signer=log().signer, leaves=list(log().leaves))
    longer.append("session:opened")
    done = run_export(Witnessed(cosigned(longer, SIZE + 1, ONE)), tmp_path / "export")
    assert (done.exit_code, "[log-rewound]" in done.stderr) == (1, True)
    stranger = cosigned(Log(leaves=log().leaves), SIZE, ONE)
    done = run_export(Witnessed(stranger), tmp_path / "export")
    assert (done.exit_code, "[log-not-signed]" in done.stderr) == (1, True)
    assert not (tmp_path / "export").exists()
