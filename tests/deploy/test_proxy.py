"""The example of a reverse proxy hides nothing from the service and passes nothing false to it."""

import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

CONFIGURATION = Path(__file__).resolve().parents[2] / "deploy" / "nginx" / "breakglass.conf"
TEXT = re.sub(r"^\s*#.*\n", "", CONFIGURATION.read_text(), flags=re.MULTILINE)
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


@pytest.mark.parametrize(
    "header",
    ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix"],
)
def test_what_a_caller_says_about_its_way_is_removed(header: str) -> None:
    assert f'proxy_set_header {header} "";' in TEXT


def test_the_service_is_reached_on_loopback_alone() -> None:
    assert set(re.findall(r"proxy_pass (\S+);", TEXT)) == {"http://127.0.0.1:8420"}


def test_a_body_may_be_as_large_as_the_service_allows_and_no_larger() -> None:
    assert re.findall(r"client_max_body_size (\S+);", TEXT) == ["256k"]


def test_the_proxy_speaks_the_newest_tls_and_says_so() -> None:
    assert re.findall(r"ssl_protocols (.+);", TEXT) == ["TLSv1.3"]
    assert "add_header Strict-Transport-Security" not in TEXT  # the service sends it, once


def test_the_figures_stay_on_the_machine() -> None:
    assert re.search(r"location = /metrics \{\s*return 404;", TEXT)


def test_no_limit_stands_before_the_files_of_a_page() -> None:
    block = re.search(r"location \^~ /static/ \{(.*?)\}", TEXT, re.DOTALL)
    assert block is not None
    assert "limit_req" not in block[1]


def test_a_door_is_limited_for_passkeys_and_phrases_alike() -> None:
    doors = re.search(r"location ~ (\S+) \{\s*limit_req zone=breakglass_doors", TEXT)
    assert doors is not None
    for path in ("sessions", "sessions/passkey", "identities"):
        assert re.search(doors[1], f"/api/v1/{path}")


def certificate(folder: Path) -> None:
    """A key and a certificate of its own, for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "breakglass.example.org")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, SHA256())
    )
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt-get install nginx)")
def test_nginx_understands_every_line(tmp_path: Path) -> None:
    certificate(tmp_path)
    text = CONFIGURATION.read_text().replace("/etc/ssl/breakglass", str(tmp_path))
    text = text.replace("/var/log/nginx", str(tmp_path))
    # nginx opens what it listens on even to check: ports that need no rights, and no IPv6
    text = re.sub(r" *listen \[::\].*\n", "", text)
    (tmp_path / "site.conf").write_text(
        re.sub(r"listen (80|443)\b", r"listen 127.0.0.1:18\1", text)
    )
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\n  access_log off;\n  include {tmp_path}/site.conf;\n}}\n"
    )
    done = subprocess.run(
        [str(NGINX), "-t", "-e", "stderr", "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
