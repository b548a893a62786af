"""A small organisation to try things with: ``make demo``.

The state stays between runs, and so do the people: ``people.txt`` says who they are and how to act
as each of them. It contains their phrases, which no one would do outside a demo.
"""

import os
import shlex
import signal
from pathlib import Path
from types import FrameType

import click

from service.ops.organisation import ACCOUNT, MFA, REQUESTER, ROLES, email, found
from service.ops.stage import Player, Stage, StageError
from service.storage import sign_in_note

LIFETIME = 4 * 3600
WINDOW = 3600
PEOPLE = "people.txt"
REASON = "a first look: approve me, both groups"


def run(folder: Path, port: int) -> int:
    """Serve the organisation in ``folder``, made on the first run, until it is asked to stop.

    Returns:
        The server's exit code; 1 if it could not be set up.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stage = Stage(root=folder.resolve(), port=port)
    for name in ROLES:
        stage.player(name)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if (folder / PEOPLE).exists():
            stage.start()
        else:
            _make(stage, folder)
        click.echo((folder / PEOPLE).read_text(encoding="utf-8"))
        click.echo(f"Serving {stage.url}: open it in a browser. Ctrl-C ends it; the state stays.")
        return stage.wait()
    except KeyboardInterrupt:
        return 0
    except StageError as failed:
        click.echo(f"breakglass-ops demo: {failed}", err=True)
        click.echo("  'make demo-reset' starts over.", err=True)
        return 1
    finally:
        stage.stop()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _make(stage: Stage, folder: Path) -> None:
    click.echo("Making the organisation: people, a signed roster, a sealed password ...")
    found(stage, _tell, lifetime=LIFETIME, window=WINDOW)
    asked = stage.player(REQUESTER).act(
        "request", ACCOUNT, "--task", "billing", "--reason", REASON, "--yes"
    )
    _tell(REQUESTER, "asks to be root", asked["state"], asked["leaf"])
    (stage.state_dir / sign_in_note.FILE).write_text(_note(stage), encoding="utf-8")
    # Written last: a set-up that broke off is refused instead of being served half made.
    _write_private(folder / PEOPLE, _people(stage, asked["id"]))


def _tell(who: str, act: str, state: str, _leaf: int) -> None:
    click.echo(f"  {who} {act} → {state}")


def _people(stage: Stage, request: str) -> str:
    """Who there is and how to act as each of them, in a browser and on the command line."""
    lines = [
        f"Account {ACCOUNT}, 2 of 3 in both groups. In a browser, open {stage.url} and sign in",
        "with one person's address and recovery phrase; under their name (top right) they can",
        "add a passkey, which is what they would use from then on. One private window for each.",
        "",
    ]
    for name, role in ROLES.items():
        player = stage.player(name)
        phrase = player.phrase_file.read_text(encoding="ascii").strip()
        lines += [f"{name}, {role}", f"    {email(name)}", f"    {phrase}", ""]
    lines += [
        f"{REQUESTER} also seals: a sealer knows the password that they sealed, until it is",
        "changed; as a requester she asks both groups, like everyone.",
        "",
        "She asked on the command line, which has the key of that request, so she can release it",
        "there alone. What she asks for in a browser she releases in that browser.",
        "",
        f"The request {request} waits for both groups:",
        f"    {stage.url}/requests/{request}",
        f"On the command line, as {MFA[0]} for one (as others with their name in both paths):",
        f"    {_prefix(stage.player(MFA[0]))} approve {request}",
        "",
    ]
    return "\n".join(lines)


def _note(stage: Stage) -> str:
    """What the sign-in page says: in a demo, who there is and where their phrases lie."""
    places = [
        f"{email(name)}, {role}: {stage.player(name).phrase_file}" for name, role in ROLES.items()
    ]
    return "\n".join(
        [
            "This is a demo. Sign in as any of these people with the recovery phrase in their",
            "file; then add a passkey under your name, if you like.",
            "",
            *places,
        ]
    )


def _prefix(player: Player) -> str:
    home = shlex.quote(str(player.home / "breakglass"))
    phrase = shlex.quote(str(player.phrase_file))
    return f"BREAKGLASS_HOME={home} BREAKGLASS_PHRASE_FILE={phrase} .venv/bin/breakglass"


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
