"""The secret hunt: nothing that opens an envelope is ever with the service.

One run with real processes, from the first link to the revealed password, with every byte between
clients and server recorded. The people's secrets are made again from their own homes, and searched
for in the memory of every server process, in the database, in every other file of the service, in a
backup and in the traffic. What the requester typed in the same run has to be found by the same
search: a hunter who sees nothing at all proves nothing.
"""

from pathlib import Path

import pytest

from crypto.randomness import random_bytes
from service.ops import organisation
from service.ops.organisation import ACCOUNT, MFA, PASSWORD, REQUESTER, ROLES
from service.ops.stage import Stage
from tests.hunt.hunting import DATABASE, FILES, MEMORY, TRAFFIC, Bag, hunt, with_canaries
from tests.hunt.recorder import Recorder, recording
from tests.hunt.treasure import Treasury
from tests.notices.founded import Founded
from tests.ops.installation import free_port

SEEN = "canary reason"


class Run:
    """A stage behind a recorder, and the hunts in it."""

    def __init__(self, stage: Stage, recorder: Recorder, *, reads_memory: bool) -> None:
        self.stage = stage
        self.recorder = recorder
        self.reads_memory = reads_memory
        self.treasury = Treasury(stage)
        self.reason = f"the invoice run is stuck {random_bytes(16).hex()}"

    def hunt(self, *more: Path) -> Bag:
        """Search everywhere for everything; nothing may be there, and the canary has to be."""
        bag = hunt(
            self.stage,
            with_canaries(self.treasury.secrets(), {"reason": self.reason}),
            recorder=self.recorder,
            more=more,
            reads_memory=self.reads_memory,
        )
        assert bag.loot() == []
        assert {SEEN} <= bag.canaries(DATABASE)
        assert {SEEN} <= bag.canaries(TRAFFIC)
        if self.reads_memory:
            assert {SEEN} <= bag.canaries(MEMORY)
        return bag

    def ask(self) -> str:
        """The requester asks, with the canary as the reason."""
        asked = self.stage.player(REQUESTER).act(
            "request", ACCOUNT, "--task", "billing", "--reason", self.reason, "--yes"
        )
        return str(asked["id"])


def test_nothing_that_opens_an_envelope_is_ever_with_the_service(
    tmp_path: Path, reads_memory: bool
) -> None:
    port = free_port()
    with recording(port) as recorder:
        url = f"http://localhost:{recorder.port}"
        stage = Stage(root=tmp_path, port=port, settings={"BREAKGLASS_URL": url})
        try:
            run_the_story(Run(stage, recorder, reads_memory=reads_memory))
        finally:
            stage.stop()
    if not reads_memory:
        pytest.skip("all was searched but memory: this system forbids reading that of a process")


def run_the_story(run: Run) -> None:
    password = organisation.found(run.stage, lambda *_: None, lifetime=600, window=300)
    request = run.ask()
    secrets = run.treasury.secrets()
    assert password in secrets.values()
    assert len([name for name in secrets if name.endswith("root")]) == len(ROLES)
    assert len([name for name in secrets if f"request {request}" in name]) == 1
    before = run.hunt()
    assert "breakglass.db-wal" in {path.name for path in run.stage.state_dir.iterdir()}
    for name in (*PASSWORD[:2], *MFA[:2]):
        run.stage.player(name).act("approve", request, "--yes")
    run.hunt()
    ria = run.stage.player(REQUESTER)
    assert ria.act("release", request, "--yes")["state"] == "released"
    assert organisation.revealed(ria, request) == password
    copy = run.stage.root / "copy.db"
    assert run.stage.ops("backup", str(copy)).code == 0
    after = run.hunt(copy)
    assert {SEEN} <= {f.secret for place, f in after.found[FILES] if place == "copy.db"}
    if run.reads_memory:
        assert min(before.searched[MEMORY], after.searched[MEMORY]) > 2**24
    nothing_at_rest(run, copy)


def nothing_at_rest(run: Run, copy: Path) -> None:
    """Sign-in keys and sessions pass through the server, and it writes none of them down.

    Nor does it write what people typed anywhere but into the log.
    """
    passing = with_canaries(run.treasury.kept_out(), {"reason": run.reason})
    bag = hunt(run.stage, passing, more=[copy], reads_memory=False)
    assert bag.loot() == []
    typed = {place for place, found in bag.found[FILES] if found.secret == SEEN}
    assert typed == {"copy.db"}
    assert (run.stage.state_dir / "notices.jsonl").stat().st_size > 0


def test_a_phrase_that_somebody_types_into_a_reason_is_found_everywhere(
    organisation: Founded, tmp_path: Path, reads_memory: bool
) -> None:
    """The hunt itself, when there is something to find."""
    port = free_port()
    with recording(port) as recorder:
        url = f"http://localhost:{recorder.port}"
        stage = organisation.copy(tmp_path / "stage", {}, port=port, url=url)
        try:
            stage.start()
            run = Run(stage, recorder, reads_memory=reads_memory)
            run.reason = stage.player(REQUESTER).phrase_file.read_text(encoding="ascii").strip()
            run.ask()
            bag = hunt(stage, run.treasury.secrets(), recorder=recorder, reads_memory=reads_memory)
        finally:
            stage.stop()
    expected = {DATABASE, TRAFFIC} | ({MEMORY} if reads_memory else set())
    assert {kind for kind, found in bag.found.items() if found} == expected
    assert all(line.startswith(f"{REQUESTER}'s 1") for line in bag.loot())
