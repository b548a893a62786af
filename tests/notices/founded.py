"""An organisation that is founded once in a run of the tests, and copied for each that needs one.

Founding takes many real processes. The copy has its own port, so its people are pointed there.
"""

import fcntl
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service.ops import organisation
from service.ops.organisation import ACCOUNT, MFA, PASSWORD, REQUESTER, ROLES
from service.ops.stage import Stage
from tests.ops.installation import eventually, free_port

_DONE = "founded.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """A stopped stage: a password in force, and an approved request that was not released."""

    root: Path
    password: str = field(repr=False)
    request: str

    def copy(
        self, root: Path, settings: Mapping[str, str], *, port: int = 0, url: str = ""
    ) -> Stage:
        """The same organisation in a folder of its own, not started.

        ``port`` is that of the server, by default a free one; ``url`` is where its people find
        it, if something stands before it.
        """
        shutil.copytree(self.root, root)
        stage = Stage(
            root=root,
            port=port or free_port(),
            settings={**settings, **({"BREAKGLASS_URL": url} if url else {})},
        )
        for name in ROLES:
            _point(stage.player(name).home / "breakglass" / "config.json", stage.url)
        return stage


def _point(path: Path, url: str) -> None:
    config = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**config, "server": url}), encoding="utf-8")


def founded(shared: Path) -> Founded:
    """Found it, unless another worker of this run has; ``shared`` is a folder of this run."""
    folder = shared / "founded"
    with (shared / "founded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / _DONE).exists():
            folder.mkdir()
            _found(folder)
    facts = json.loads((folder / _DONE).read_text(encoding="utf-8"))
    return Founded(root=folder, **facts)


def _found(folder: Path) -> None:
    stage = Stage(root=folder, port=free_port())
    try:
        password = organisation.found(stage, lambda *_: None, lifetime=4 * 3600, window=3600)
        asked = stage.player(REQUESTER).act(
            "request", ACCOUNT, "--task", "billing", "--reason", "to be approved", "--yes"
        )
        for name in (*PASSWORD[:2], *MFA[:2]):
            done = stage.player(name).act("approve", asked["id"], "--yes")
        notices = stage.state_dir / "notices.jsonl"
        assert eventually(lambda: f'/{done["leaf"]}"' in notices.read_text(encoding="utf-8"))
    finally:
        stage.stop()
    facts = {"password": password, "request": asked["id"]}
    (folder / _DONE).write_text(json.dumps(facts), encoding="utf-8")
