"""The environment template shows every setting of the service, and explains each."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from service.config import PREFIX, Settings

SERVICE = Path(__file__).resolve().parents[2] / "service"
TEMPLATE = Path(__file__).resolve().parents[2] / "deploy" / "breakglass.env.example"
LINE = re.compile(r"^(?P<off>#?)(?P<name>[A-Z][A-Z0-9_]*)=(?P<value>\S*)$")


def lines() -> list[tuple[str, re.Match[str] | None]]:
    return [(line, LINE.match(line)) for line in TEMPLATE.read_text().splitlines()]


def test_the_template_names_every_setting_once() -> None:
    shown = [match["name"] for _, match in lines() if match and match["name"].startswith(PREFIX)]
    assert sorted(shown) == sorted(PREFIX + name.upper() for name in Settings.model_fields)


def test_no_setting_and_no_code_of_ours_takes_keys_of_aws() -> None:
    held = re.compile(r"access_?key|secret|session_?token|credential|profile|role_arn")
    assert [name for name in Settings.model_fields if held.search(name)] == []
    code = [path.read_text(encoding="utf-8") for path in SERVICE.rglob("*.py")]
    assert len(code) > 100
    passed = re.compile(r"aws_(access_key_id|secret_access_key|session_token)|profile_name")
    assert not [text for text in code if passed.search(text)]


def test_each_setting_is_explained_above_it() -> None:
    unexplained = [
        line
        for (before, _), (line, match) in zip([("", None), *lines()], lines(), strict=False)
        if match and not before.startswith("# ")
    ]
    assert unexplained == []


def test_every_line_reads_alike_for_systemd_a_shell_and_a_container() -> None:
    odd = [line for line, match in lines() if line and not match and not line.startswith("# ")]
    assert odd == []
    assert not [line for line, match in lines() if match and re.search(r"[\"'`$\\]", line)]


@pytest.mark.parametrize("switch_on", [False, True], ids=["as it stands", "with every line"])
def test_the_service_accepts_the_template(
    monkeypatch: pytest.MonkeyPatch, *, switch_on: bool
) -> None:
    for _, match in lines():
        if match and (switch_on or not match["off"]):
            monkeypatch.setenv(match["name"], match["value"])
    settings = Settings()
    assert settings.url == "https://breakglass.example.org"
    assert bool(settings.sns_topic_arn) is switch_on


def test_what_stands_behind_a_hash_sign_is_the_default_where_there_is_one() -> None:
    defaults = {
        PREFIX + name.upper(): field.default for name, field in Settings.model_fields.items()
    }
    off = {match["name"]: match["value"] for _, match in lines() if match and match["off"]}
    assert off["BREAKGLASS_BIND"] == defaults["BREAKGLASS_BIND"]


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no sh")
def test_a_shell_reads_the_template() -> None:
    done = subprocess.run(
        ["sh", "-euc", f'set -a; . "{TEMPLATE}"; echo "$BREAKGLASS_STATE_DIR"'],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "/var/lib/breakglass\n"
