"""The image is built from hashed wheels, without a shell, and runs as nobody in particular."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTAINERFILE = ROOT / "deploy" / "Containerfile"


def instructions() -> list[tuple[str, str]]:
    """Each instruction and its arguments, continued lines joined."""
    text = re.sub(r"^#.*\n", "", CONTAINERFILE.read_text(), flags=re.MULTILINE)
    joined = text.replace("\\\n", " ")
    return [
        (name, " ".join(rest.split()))
        for name, _, rest in (line.partition(" ") for line in joined.splitlines() if line)
    ]


def named(name: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == name]


def final_stage() -> list[tuple[str, str]]:
    found = instructions()
    last = max(index for index, (name, _) in enumerate(found) if name == "FROM")
    return found[last:]


def test_the_base_is_an_argument_of_both_stages() -> None:
    assert named("FROM") == ["${BASE} AS build", "${BASE}"]
    assert named("ARG")[0].startswith("BASE=")


@pytest.mark.parametrize("instruction", ["RUN", "ENTRYPOINT", "CMD"])
def test_no_step_goes_through_a_shell(instruction: str) -> None:
    assert named(instruction)
    for arguments in named(instruction):
        command = json.loads(arguments)
        assert not {"sh", "bash", "/bin/sh", "/bin/bash"} & set(command)


def test_every_download_is_a_wheel_checked_by_its_hash() -> None:
    for arguments in named("RUN"):
        command = json.loads(arguments)
        if "install" in command and "--no-index" not in command:
            assert {"--require-hashes", "--only-binary=:all:"} <= set(command)
        if "wheel" in command:
            assert {"--no-build-isolation", "--no-deps"} <= set(command)


def test_the_image_runs_as_a_numeric_user_without_rights() -> None:
    users = [rest for name, rest in final_stage() if name == "USER"]
    assert len(users) == 1
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", users[0])


def test_the_final_stage_runs_nothing_and_fetches_nothing() -> None:
    names = {name for name, _ in final_stage()}
    assert not names & {"RUN", "ADD", "HEALTHCHECK", "SHELL"}
    copies = [rest for name, rest in final_stage() if name == "COPY"]
    assert copies
    assert all(rest.startswith("--from=build ") for rest in copies)


def test_only_what_the_build_needs_is_copied_in() -> None:
    stage = instructions()[: -len(final_stage())]
    sources = [source for name, rest in stage if name == "COPY" for source in rest.split()[:-1]]
    assert "." not in sources
    assert all((ROOT / source).exists() for source in sources)


def test_everything_it_writes_lies_in_one_volume() -> None:
    volumes = [json.loads(rest) for name, rest in final_stage() if name == "VOLUME"]
    assert volumes == [["/var/lib/breakglass"]]
    environment = " ".join(rest for name, rest in final_stage() if name == "ENV")
    assert "BREAKGLASS_STATE_DIR=/var/lib/breakglass" in environment
    assert "PYTHONDONTWRITEBYTECODE=1" in environment
