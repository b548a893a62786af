"""An export is taken page by page, whole or not at all."""

from pathlib import Path

from tests.client.audit.exporting import Service, rewritten, run_export, run_verify
from tests.client.audit.exports import log


def test_an_export_is_taken_page_by_page_and_verifies(tmp_path: Path) -> None:
    service = Service(log())
    result = run_export(service, tmp_path / "export")
    assert result.exit_code == 0, result.output
    assert service.asked == [0, 50, 100]
    assert run_verify(tmp_path / "export").exit_code == 0


def test_an_export_that_is_not_what_was_signed_leaves_nothing_behind(tmp_path: Path) -> None:
    service = Service(log())
    service.served = rewritten()
    result = run_export(service, tmp_path / "export")
    assert "[log-rewritten]" in result.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home"]


def test_an_export_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    assert "[file-exists]" in run_export(Service(log()), tmp_path / "export").stderr
