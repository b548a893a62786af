"""The browser modules as a program that answers calls: see ``tests/js/crossing/peer.js``."""

import json
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from crypto.cosignature import WitnessVerifier
from crypto.encoding import format_time
from crypto.identity import Identity, PublicKeys
from crypto.note import NoteVerifier
from crypto.proof import Receipt
from crypto.statement import Statement
from tests.node import NODE

PROGRAM = Path(__file__).parents[1] / "js" / "crossing" / "peer.js"


class Refused(Exception):
    """What a module threw; ``args[0]`` is the error's name."""


class Peer:
    """One process of Node; a call waits for its answer."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [NODE, "--no-warnings", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def close(self) -> None:
        self._process.communicate(timeout=10)

    def call(self, module: str, name: str, *args: object) -> Any:
        """Call an exported function of a module, or, without a module, one of the program's own."""
        return self._asked({"module": module, "name": name, "args": _told(list(args))})

    def outcomes(self, module: str, name: str, arguments: Sequence[Sequence[object]]) -> list[str]:
        """Call it for each list of arguments; tell "ok" or the name of the error."""
        each = [_told(list(args)) for args in arguments]
        found: list[str] = self._asked({"module": module, "name": name, "each": each})
        return found

    def _asked(self, question: dict[str, Any]) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise Refused(answer["error"], answer["message"])
        return _revived(answer["ok"])


def _told(value: object) -> object:  # noqa: C901, PLR0911
    match value:
        case bytes():
            return {"bytes": value.hex()}
        case datetime():
            return {"date": format_time(value)}
        case Identity():
            return {"identity": value.root.reveal().hex()}
        case PublicKeys():
            return {"keys": [value.encryption_key.hex(), value.signing_key.hex()]}
        case Statement():
            return {"statement": value.raw.hex()}
        case NoteVerifier():
            return {"vkey": value.vkey}
        case WitnessVerifier():
            return {"witness": value.vkey}
        case Receipt():
            return {"receipt": value.text}
        case dict():
            return {key: _told(item) for key, item in value.items()}
        case list() | tuple():
            return [_told(item) for item in value]
    return value


def _revived(value: Any) -> Any:
    if isinstance(value, list):
        return [_revived(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"bytes"}:
        return bytes.fromhex(value["bytes"])
    return {key: _revived(item) for key, item in value.items()}
