"""What an outsider's grader says of our headers: MDN's HTTP Observatory, run on this machine.

It asks over real TLS, by a certificate that only this test trusts, and over plain HTTP, which a
proxy answers with a redirection as deploy/nginx does.
"""

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.utils import redirect

from service.clock import now
from service.config import Settings
from service.usecases.context import Context
from service.web.app import create_app

ROOT = Path(__file__).parents[2]
NODE = Path(sys.executable).with_name("node")
BEST = "A+"


class _Silent(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[BaseWSGIServer]:
    """A server on a free port whose application is set afterwards."""
    server = make_server(
        "127.0.0.1",
        0,
        lambda _, __: [],
        threaded=True,
        request_handler=_Silent,
        ssl_context=tls,
    )
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def certified(folder: Path) -> Path:
    """A certificate for this machine, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ip_address("127.0.0.1")),
    ]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


Grade = Callable[..., Any]


@pytest.fixture
def grade(ctx: Context, tmp_path: Path) -> Iterator[Grade]:
    """Grade one path of the service; ``change`` may spoil the application."""
    pem = certified(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    with serving(tls) as https, serving() as http:
        settings = Settings(url=f"https://localhost:{https.server_port}")
        http.app = redirect(settings.url + "/", 301)

        def graded(path: str, change: Callable[[Any], Any] = lambda app: app) -> Any:
            https.app = change(create_app(ctx, settings))
            done = subprocess.run(
                [
                    *(NODE, ROOT / "tests" / "js" / "grade.js", "localhost"),
                    *(str(http.server_port), str(https.server_port), path),
                ],
                env={**os.environ, "NODE_EXTRA_CA_CERTS": str(pem)},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            return json.loads(done.stdout)

        yield graded


@pytest.mark.parametrize("path", ["/sign-in", "/enroll", "/"])
def test_the_grader_gives_its_best_grade(grade: Grade, path: str) -> None:
    found = grade(path)
    assert found["status"] == 200
    assert found["verified"]
    assert [test for test in found["tests"] if not test["pass"]] == []
    assert found["grade"] == BEST
    assert found["score"] > 100


SPOILED = {
    "Content-Security-Policy": "default-src 'self' 'unsafe-inline'",
    "Strict-Transport-Security": "max-age=60",
    "X-Content-Type-Options": "sniff",
    "Referrer-Policy": "unsafe-url",
}


def test_the_grader_sees_what_is_wrong(grade: Grade) -> None:
    def spoiled(app: Any) -> Any:
        def serve(environ: Any, start: Any) -> Any:
            def begin(status: str, headers: Any, *more: Any) -> Any:
                kept = [pair for pair in headers if pair[0].title() not in SPOILED]
                return start(status, [*kept, *SPOILED.items()], *more)

            return app(environ, begin)

        return serve

    found = grade("/sign-in", spoiled)
    assert {one["name"] for one in found["tests"] if one["modifier"] < 0} == {
        "content-security-policy",
        "referrer-policy",
        "strict-transport-security",
        "x-content-type-options",
        "x-frame-options",
    }
    assert found["score"] < 50
