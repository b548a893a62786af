"""An export taken and verified by the program, and a log that its operator rewrote."""

from pathlib import Path

import httpx
from click.testing import CliRunner, Result

from crypto.encoding import b64encode
from service.client.cli.invocation import Invocation
from service.client.cli.prompts import Terminal
from service.client.device.home import Config, Home
from service.client.main import cli
from tests.client.audit.exports import encoded, leaves, log, place
from tests.client.logs import Log

SERVER = "http://localhost:8420"


def vkey() -> str:
    return log().signer.verifier.vkey


def run_verify(folder: Path, *more: str) -> Result:
    return CliRunner().invoke(
        cli,
        ["audit", "verify", str(folder), "--key", vkey(), *more],
        obj=Invocation(home=folder.parent / "home", terminal=Terminal(interactive=False)),
    )


def rewritten() -> Log:
    """A log whose own key has signed another history from one leaf on."""
    written = leaves()
    index = (
        place("session:opened")
        if any(leaf.action == "session:opened" for leaf in written)
        else place("roster:drafted")
    )
    written[index] = type(written[index])(
        seq=index,
        at=written[index].at,
        actor="ops:somebody",
        action=written[index].action,
        subject=written[index].subject,
        request=written[index].request,
        details=written[index].details,
    )
    return Log(signer=log().signer, leaves=encoded(written))


class Service:
    """Answers what an export asks for."""

    def __init__(self, served: Log) -> None:
        self.served = served
        self.signed = Log(signer=served.signer, leaves=list(served.leaves))
        self.asked: list[int] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1")
        note, size = self.signed.checkpoint(), len(self.signed.leaves)
        head = {"checkpoint": note, "verifier_key": self.signed.signer.verifier.vkey, "size": size}
        if path == "/exports":
            return httpx.Response(201, json={**head, "leaf": size - 1})
        if path == "/checkpoint":
            return httpx.Response(200, json={**head, "consistency": []})
        start, count = (int(request.url.params[name]) for name in ("start", "count"))
        self.asked.append(start)
        found = self.served.leaves[start : start + min(count, 50)]
        return httpx.Response(200, json={"start": start, "leaves": list(map(b64encode, found))})


def run_export(service: Service, folder: Path) -> Result:
    home = Home(folder.parent / "home")
    home.write_config(Config(server=SERVER, email="aud@corp.example", person="x", fingerprint="y"))
    home.write_token("token")
    return CliRunner().invoke(
        cli,
        ["audit", "export", str(folder)],
        obj=Invocation(
            home=home.path,
            terminal=Terminal(interactive=False),
            transport=httpx.MockTransport(service),
        ),
    )
