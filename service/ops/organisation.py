"""The small organisation that the demo serves and the walkthrough follows.

An operator, two groups of three custodians, a requester who is also the sealer, and an auditor. It
grows from an empty folder to a sealed password that every custodian has confirmed.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from typing import Any

from crypto.passwords import generate
from crypto.spoken import roster_words
from service.ops.stage import Player, Stage, StageError

ACCOUNT = "111122223333"
OPERATOR = "olga"
PASSWORD = ("pia", "per", "pat")
MFA = ("mia", "max", "moa")
CUSTODIANS = (*PASSWORD, *MFA)
REQUESTER = "ria"
AUDITOR = "ada"
ROLES: Mapping[str, str] = {
    OPERATOR: "operator",
    **dict.fromkeys(PASSWORD, "custodian, password group"),
    **dict.fromkeys(MFA, "custodian, MFA group"),
    REQUESTER: "requester and sealer",
    AUDITOR: "auditor",
}
_LINK = re.compile(r"https?://\S+#[A-Za-z0-9_-]{43}")

Report = Callable[[str, str, str, int], None]


def email(name: str) -> str:
    """A person's address; no one owns the domain."""
    return f"{name}@example.test"


def found(stage: Stage, report: Report, *, lifetime: int, window: int) -> str:
    """Build the organisation; returns the password that was sealed.

    ``report`` is called with who did what, the state it led to, and its leaf. ``lifetime`` and
    ``window`` are the roster's policy in seconds.

    Raises:
        StageError: something was refused.
    """
    enrol_everybody(stage, report)
    stage.player(OPERATOR).act("accounts", "add", ACCOUNT)
    draft_and_sign(stage, report, lifetime=lifetime, window=window)
    password = seal(stage, report)
    for name in CUSTODIANS:
        done = stage.player(name).act("confirm", ACCOUNT, "--yes")
        report(name, "confirms that the share opens", done["state"], done["leaf"])
    return password


def enrol_everybody(stage: Stage, report: Report) -> None:
    """The shell invites the first operator, who invites everyone else."""
    answer = stage.ops("init", "--email", email(OPERATOR), "--name", OPERATOR)
    link = _LINK.search(f"{answer.data}\n{answer.stderr}")
    if answer.code != 0 or link is None:
        raise StageError(f"breakglass-ops init: {answer.stderr}")
    stage.start()
    _enrol(stage, OPERATOR, link.group(), report)
    for name, role in ROLES.items():
        if name == OPERATOR:
            continue
        flags = ["--auditor"] if role == "auditor" else []
        made = stage.player(OPERATOR).act("invite", email(name), name, *flags)
        _enrol(stage, name, made["url"], report)


def _enrol(stage: Stage, name: str, link: str, report: Report) -> None:
    player = stage.player(name)
    done = player.act("enroll", "-", "--phrase-out", str(player.phrase_file), "--yes", stdin=link)
    player.words = " ".join(done["words"])
    report(name, "enrols", "enrolled", done["leaf"])


def draft_and_sign(
    stage: Stage, report: Report, *, lifetime: int, window: int, **wishes: str
) -> None:
    """The operator drafts; everyone named compares words and signs."""
    options = {
        "--name": "payments",
        "--root-email": "root@example.test",
        "--type": "standalone",
        "--password-threshold": "2",
        "--mfa-threshold": "2",
        "--requester": email(REQUESTER),
        "--sealer": email(REQUESTER),
        "--lifetime": str(lifetime),
        "--window": str(window),
        **wishes,
    }
    arguments = [text for pair in options.items() for text in pair]
    for group, people in (("--password", PASSWORD), ("--mfa", MFA)):
        for name in people:
            arguments += [group, email(name)]
    drafted = stage.player(OPERATOR).act("roster", "draft", ACCOUNT, *arguments)
    report(OPERATOR, "drafts the roster", drafted["state"], drafted["leaf"])
    for name in (*CUSTODIANS, REQUESTER):
        done = sign(stage, stage.player(name), drafted["id"])
        report(name, "signs the roster", done["state"], done["leaf"])


def sign(stage: Stage, player: Player, digest: str) -> Any:  # noqa: ANN401 - any answer
    """Sign a draft with the words that people read to each other on the call."""
    heard = {name: other.words for name, other in stage.players.items()}
    path = player.home / "words.json"
    path.write_text(json.dumps(heard), encoding="ascii")
    spoken = " ".join(roster_words(digest))
    return player.act(
        "roster", "sign", ACCOUNT, "--words-file", str(path), "--digest-words", spoken, "--yes"
    )


def seal(stage: Stage, report: Report) -> str:
    """The sealer types a new password; returns it, since the story checks what is revealed."""
    password = generate()
    done = through_pipe(stage.player(REQUESTER), password, "seal", ACCOUNT, "--yes")
    report(REQUESTER, "seals the password", done["state"], done["leaf"])
    return password


def through_pipe(player: Player, text: str, *arguments: str) -> Any:  # noqa: ANN401 - any answer
    """Run a command that reads ``text`` from a descriptor, as scripts hand over a password."""
    reader, writer = os.pipe()
    try:
        os.write(writer, text.encode())
        os.close(writer)
        return player.act(*arguments, "--password-fd", str(reader), fds=[reader])
    finally:
        os.close(reader)


def revealed(player: Player, request: str) -> str:
    """Reveal into a descriptor and return what came out of it."""
    return opened(player, "reveal", request, "--yes")


def opened(player: Player, *arguments: str) -> str:
    """Run a command that writes a password, with a descriptor for it, and return what came out."""
    reader, writer = os.pipe()
    try:
        player.act(*arguments, "--out-fd", str(writer), fds=[writer])
        os.close(writer)
        with os.fdopen(reader, "rb", closefd=False) as file:
            return file.read().decode().rstrip("\n")
    finally:
        os.close(reader)
