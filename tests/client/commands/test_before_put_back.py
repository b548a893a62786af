"""A service that was put back is seen before anything is posted, and an honest restore goes on."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.usecases import epochs
from service.usecases.context import Context
from tests.cast import ACCOUNT
from tests.client.acting import approve, ask, seal
from tests.client.commands.test_before_signing import lied_to
from tests.client.conftest import EVERYBODY, Organisation, organise, running


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[tuple[Context, Organisation, Path]]:
    with running(tmp_path) as ctx:
        people = organise(ctx, tmp_path)
        people.sign(*EVERYBODY)
        seal(people)
        yield ctx, people, tmp_path / "state"


def copied(ctx: Context, state: Path, copy: Path, *names: str) -> None:
    ctx.database.dispose()
    copy.mkdir(exist_ok=True)
    for path in state.iterdir():
        if path.is_file() and path.name.startswith(names):
            shutil.copy2(path, copy / path.name)


def put_back(ctx: Context, state: Path, copy: Path) -> None:
    ctx.database.dispose()
    for path in state.glob("breakglass.db*"):
        path.unlink()
    for path in copy.iterdir():
        shutil.copy2(path, state / path.name)


def test_a_log_that_was_put_back_is_seen_before_anything_is_posted(
    installation: tuple[Context, Organisation, Path], tmp_path: Path
) -> None:
    ctx, people, state = installation
    number = ask(people)
    copied(ctx, state, tmp_path / "copy", "breakglass.db", "log.guard", "guard")
    people["Ann"].do("approve", number)
    put_back(ctx, state, tmp_path / "copy")
    ann, telling = lied_to(people["Ann"], {})
    assert ann.refused("approve", number) == "log-rewound"
    assert ann.refused("confirm", ACCOUNT) == "log-rewound"
    assert telling.posted == []
    pages = ((), ("show", number), ("accounts", "show", ACCOUNT), ("roster", "show", ACCOUNT))
    for looking in pages:
        said = ann.run(*looking)
        assert said.exit_code == 0, said.output
        assert "[log-rewound]" in said.stderr
    assert "the log was not looked at" in ann.run("list").stderr
    ann.run("deny", number, "--reason", "no", *ann.phrase_options(("deny",)))
    assert telling.posted == [f"/requests/{number}/decisions"]
    assert people["Gus"].do("show", number)["state"] == "denied"


def test_after_an_honest_restore_with_a_new_epoch_approvals_work_again(
    installation: tuple[Context, Organisation, Path], tmp_path: Path
) -> None:
    ctx, people, state = installation
    old = ask(people)
    copied(ctx, state, tmp_path / "copy", "breakglass.db")
    people["Ann"].do("approve", old)
    put_back(ctx, state, tmp_path / "copy")
    epochs.begin(ctx, "ops:nina", "the disk broke")
    for name in EVERYBODY:
        people[name].do("login", "--accept-epoch")
    ann, telling = lied_to(people["Ann"], {})
    assert ann.refused("approve", old) == "request-before-epoch"
    assert telling.posted == []
    assert approve(people, ask(people))["state"] == "approved"
