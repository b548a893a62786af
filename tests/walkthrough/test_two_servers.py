"""The story on PostgreSQL, with two servers and a worker on one state folder.

People stand before a proxy that gives each connection to the next server, so every one of them
uses both; nothing that a server remembers for itself may matter.
"""

import os
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from service.ops.organisation import ACCOUNT, MFA, PASSWORD, REQUESTER
from service.ops.stage import Stage
from tests.hunt.recorder import recording
from tests.ops.installation import PROGRAM, free_port
from tests.postgres import fresh_schema
from tests.walkthrough.story import Story


@dataclass(slots=True)
class TwoServers(Stage):
    """One state folder, one database, two servers that tell nobody, and a worker that does."""

    second_port: int = 0
    more: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *_arguments: str) -> None:
        """Start both servers, then the worker."""
        Stage.start(self, "--no-worker", "--workers", "2")
        second = Stage(
            root=self.root,
            port=self.second_port,
            settings={**self.settings, "BREAKGLASS_BIND": f"127.0.0.1:{self.second_port}"},
        )
        second.start("--no-worker")
        assert second.server is not None
        worker = subprocess.Popen(
            [PROGRAM, "worker"], env=self.environment(), start_new_session=True
        )
        self.more += [second.server, worker]

    def stop(self) -> None:
        """End all three."""
        for process in self.more:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(30)
        Stage.stop(self)


@pytest.mark.slow
def test_the_story_passes_with_two_servers_and_a_worker(postgres: str, tmp_path: Path) -> None:
    ports = free_port(), free_port()
    with recording(*ports) as recorder:
        stage = TwoServers(
            root=tmp_path,
            port=ports[0],
            second_port=ports[1],
            settings={
                "BREAKGLASS_DATABASE_URL": fresh_schema(postgres),
                "BREAKGLASS_URL": f"http://localhost:{recorder.port}",
            },
        )
        story = Story(stage)
        try:
            story.found()
            request = story.ask()
            story.approve(request, *PASSWORD[:2], *MFA[:2])
            story.release_and_reveal(request)
            done = stage.player(REQUESTER).act("close", request, "--summary", "mended", "--yes")
            assert done["state"] == "rotation_due"
            assert stage.player(REQUESTER).act("accounts", "show", ACCOUNT)["rotating"]
            for served in (recorder.conversations[::2], recorder.conversations[1::2]):
                acts = [c for c in served if b"POST /api/v1/" in c.asked and c.answered]
                assert len(acts) > 10
            story.audit()
        finally:
            stage.stop()
