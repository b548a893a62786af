"""A log that was put back, seen by the real programs of people who had seen more of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.client.audit.tree.files import CHECKPOINT
from service.ops.organisation import ACCOUNT, AUDITOR, REQUESTER
from service.ops.stage import Stage, StageError
from tests.notices.conftest import organisation
from tests.notices.founded import Founded
from tests.ops.restored.restoring import put_file_back

__all__ = ["organisation"]


@pytest.fixture
def stage(organisation: Founded, tmp_path: Path) -> Iterator[Stage]:
    """Served until this morning's copy; then ria and ada act on, and the copy is put back."""
    stage = organisation.copy(tmp_path / "stage", {})
    try:
        stage.start()
        assert stage.ops("backup", str(stage.root / "copy.db")).code == 0
        asked = ("--task", "billing", "--reason", "lost with the disk", "--yes")
        stage.player(REQUESTER).act("request", ACCOUNT, *asked)
        stage.player(AUDITOR).act("audit", "export", str(stage.root / "today"))
        stage.stop()
        put_file_back(stage.state_dir, stage.root / "copy.db")
        yield stage
    finally:
        stage.stop()


def test_devices_that_saw_more_wait_for_their_owner_and_go_on(stage: Stage) -> None:
    with pytest.raises(StageError, match="new-epoch"):
        stage.start()
    assert stage.ops("log", "new-epoch", "--why", "the disk broke", "--yes").code == 0
    stage.start()
    ria, ada = stage.player(REQUESTER), stage.player(AUDITOR)

    ria.act("login")  # sessions end with an epoch
    asks = ("request", ACCOUNT, "--task", "billing", "--reason", "again", "--yes")
    told = ria.attempt(*asks)
    assert told.refusal == "log-epoch-began"
    assert "the disk broke" in told.stderr
    assert "was sent before this was noticed" not in told.stderr
    assert not [one for one in ria.act("list")["requests"] if one["reason"] == "again"]
    ria.act("login", "--accept-epoch", "--yes")
    ria.act(*asks)

    # The auditor's own device had seen more too; and a checkpoint of that time lies with them.
    ada.act("login")
    assert ada.attempt("audit", "export", str(stage.root / "refused")).refusal == "log-epoch-began"
    ada.act("login", "--accept-epoch", "--yes")
    taken = ada.act("audit", "export", str(stage.root / "export"))
    verify = ("audit", "verify", str(stage.root / "export"), "--key", taken["verifier_key"])
    assert ada.attempt(*verify).code == 0
    since = ("--since", str(stage.root / "today" / CHECKPOINT))
    assert ada.attempt(*verify, *since).refusal in {"log-cut", "log-rewritten"}
    accepted = ada.attempt(*verify, *since, "--accept-epoch")
    assert accepted.code == 0
    assert "abandoned" in str(accepted.data) + accepted.stderr
