"""init and invite: everything private, everything once, everything in the log."""

import re
import stat

from crypto.leaf import Leaf, parse_leaf
from service.config import Settings
from service.ops.unixuser import actor
from service.storage import log
from service.storage.database import Database
from tests.ops.installation import Installation

LINK = re.compile(r"http://localhost:[0-9]+/enroll#[A-Za-z0-9_-]{43}")


def leaves(read: Settings) -> list[Leaf]:
    database = Database(read.database, read.state_dir)
    with database.read() as session:
        found = [parse_leaf(d) for d in log.read_leaves(session, 0, log.head(session).size)]
    database.dispose()
    return found


def test_init_makes_private_files_and_shows_one_link_once(
    installation: Installation, read: Settings
) -> None:
    done = installation.run("init", "--email", "olga@corp.example", "--name", "Olga")
    assert done.code == 0
    assert len(LINK.findall(done.out)) == 1
    assert stat.S_IMODE(installation.state_dir.stat().st_mode) == 0o700
    for path in installation.state_dir.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert [(leaf.action, leaf.actor) for leaf in leaves(read)] == [
        ("log:started", actor()),
        ("invitation:created", actor()),
    ]
    token = LINK.findall(done.out)[0].partition("#")[2]
    stored = b"".join(path.read_bytes() for path in installation.state_dir.iterdir())
    assert token.encode() not in stored


def test_init_again_keeps_what_is_there_and_makes_what_is_missing(
    ready: Installation, read: Settings
) -> None:
    kept = {n: (ready.state_dir / n).read_bytes() for n in ("log.key", "log.guard")}
    (ready.state_dir / "at-rest.key").unlink()
    done = ready.run("init", "--invite-nobody")
    assert done.code == 0
    assert not LINK.search(done.out)
    assert len((ready.state_dir / "at-rest.key").read_bytes()) == 32
    assert {n: (ready.state_dir / n).read_bytes() for n in kept} == kept
    assert len(leaves(read)) == 2


def test_init_makes_no_key_beside_a_guard_that_another_has_signed(ready: Installation) -> None:
    folder = ready.state_dir
    for name in ("breakglass.db", "log.key"):
        (folder / name).unlink(missing_ok=True)  # PostgreSQL has its own place
    before = {path.name for path in folder.iterdir() if path.suffix != ".lock"}
    for _ in range(2):
        done = ready.run("init", "--invite-nobody")
        assert done.code == 1
        assert "log.key is missing" in done.err
        assert {path.name for path in folder.iterdir() if path.suffix != ".lock"} == before


def test_init_says_the_browser_first_and_the_link_in_no_command(
    installation: Installation,
) -> None:
    said = installation.run("init", "--email", "olga@corp.example", "--name", "Olga").out
    [link] = LINK.findall(said)
    assert said.index("Open it in a browser") < said.index(link) < said.index("breakglass enroll")
    assert "enroll http" not in said.replace("'", "")


def test_init_refuses_a_folder_that_others_may_look_into(installation: Installation) -> None:
    installation.state_dir.chmod(0o755)
    done = installation.run("init", "--email", "o@corp.example", "--name", "Olga")
    assert (done.code, list(installation.state_dir.iterdir())) == (1, [])
    assert "run 'chmod 700" in done.err


def test_init_asks_for_what_it_was_not_told_and_stops_without_an_answer(
    installation: Installation,
) -> None:
    done = installation.start("init")
    out, err = done.communicate("", timeout=30)
    assert done.returncode == 1
    assert "e-mail address" in out + err
    assert not (installation.state_dir / "log.key").exists()


def test_invite_issues_a_link_with_the_roles_that_were_named(
    ready: Installation, read: Settings
) -> None:
    done = ready.run("invite", "ada@corp.example", "Ada", "--auditor")
    assert done.code == 0
    assert LINK.search(done.out)
    last = leaves(read)[-1]
    assert (last.action, last.actor) == ("invitation:created", actor())
    assert (last.details["auditor"], last.details["operator"]) == (True, False)


def test_invite_refuses_what_is_no_address_and_leaves_nothing(
    ready: Installation, read: Settings
) -> None:
    done = ready.run("invite", "nobody", "Ada")
    assert done.code == 1
    assert "an e-mail address" in done.err
    assert len(leaves(read)) == 2
