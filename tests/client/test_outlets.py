"""What the programs write suits where it goes: encodings, pipes, closed streams, colours."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

CLIENT = "from service.client.main import main; main()"
OPS = "from service.ops.main import main; main()"
SAYS = """
import click
from service.client.main import cli, main
from service.client.cli.options import command

@command("say")
def say(run):
    '''Say.'''
    run.terminal.say("J\\u00f6rg \\u2014 \\u4e2d")
    run.terminal.warn("J\\u00f6rg \\u2014 \\u4e2d")
    run.terminal.table(("name",), [("J\\u00f6rg",)])
    with run.terminal.working("Deriving"):
        pass

@command("much")
def much(run):
    '''Say much.'''
    for number in range(100_000):
        run.terminal.say(f"line {number}")

cli.get_command = lambda ctx, name: {"say": say, "much": much}[name]
main()
"""


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    kept.pop("NO_COLOR", None)
    return {**kept, "BREAKGLASS_HOME": str(home), "TERM": "xterm", **more}


def shell(line: str, home: Path, **more: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a line of a shell in which ``$client``, ``$ops`` and ``$says`` are programs."""
    programs = {"client": CLIENT, "ops": OPS, "says": SAYS}
    line = f'py() {{ code=$1; shift; "{sys.executable}" -c "$code" "$@"; }}; {line}'
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"],
        env={**environment(home, **more), **programs},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


ENCODINGS = ("ascii", "latin-1", "cp1252", "utf-8", "cp437")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_any_encoding_gets_every_name(tmp_path: Path, encoding: str) -> None:
    done = shell('py "$says" say', tmp_path, PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    for stream in (done.stdout, done.stderr):
        # Where ASCII is set, UTF-8 is there in truth nearly always, and click writes that.
        said = stream.decode("utf-8" if encoding == "ascii" else encoding)
        assert "Traceback" not in said
        assert ("J\u00f6rg" in said) or ("J\\xf6rg" in said)
        assert ("\u4e2d" in said) or ("\\u4e2d" in said)


def test_the_c_locale_gets_every_name(tmp_path: Path) -> None:
    done = shell('py "$says" say', tmp_path, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 0, done.stderr
    assert "\u4e2d" in done.stdout.decode()


EVERY_PROGRAM = (
    'py "$client" --help',
    'py "$client" audit --help',
    'py "$client" request --task list',
    'py "$ops" --help',
    'py "$ops" log --help',
)


@pytest.mark.parametrize("program", EVERY_PROGRAM)
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-", "<&- >&- 2>&-"])
def test_a_closed_stream_ends_nothing(tmp_path: Path, program: str, closed: str) -> None:
    done = shell(f"{program} {closed}", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""


@pytest.mark.parametrize("program", [*EVERY_PROGRAM, 'py "$says" much'])
@pytest.mark.parametrize("reader", ["true", "head -c 1"])
def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path, program: str, reader: str) -> None:
    done = shell(f"{program} | {reader}", tmp_path)
    assert done.stderr == b""
    assert done.returncode in {0, 1}  # 0 where all of it had gone into the pipe before


@pytest.mark.parametrize("program", EVERY_PROGRAM)
def test_a_full_disk_is_said_in_a_sentence(tmp_path: Path, program: str) -> None:
    done = shell(f"{program} > /dev/full", tmp_path)
    assert done.returncode == 1
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def at_terminal(
    code: str, *args: str, home: Path, typed: Sequence[str] = (), **more: str
) -> tuple[int, str]:
    """Run a program at a terminal of its own; returns its exit code and all that stood there.

    One item of ``typed`` is typed each time the program has written something and waits.
    """
    child, screen = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, "-c", code, *args], environment(home, **more))
    said, waiting = b"", list(typed)
    while True:
        ready, _, _ = select.select([screen], [], [], 3)
        if not ready and waiting:
            os.write(screen, waiting.pop(0).encode() + b"\n")
            continue
        if not ready:
            os.kill(child, signal.SIGTERM)
        try:
            more_said = os.read(screen, 65_536)
        except OSError:
            break
        if not more_said:
            break
        said += more_said
    _, status = os.waitpid(child, 0)
    os.close(screen)
    return os.waitstatus_to_exitcode(status), said.decode(errors="replace")


@pytest.mark.parametrize(
    ("more", "coloured"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_one_switch_turns_every_colour_off(
    tmp_path: Path, more: dict[str, str], *, coloured: bool
) -> None:
    code, said = at_terminal(SAYS, "say", home=tmp_path, PYTHONUTF8="1", **more)
    assert code == 0, said
    assert "WARNING" in said
    assert ("\x1b[" in said) is coloured


def test_a_pipe_gets_no_colour(tmp_path: Path) -> None:
    done = shell('py "$says" say', tmp_path)
    assert b"\x1b" not in done.stderr + done.stdout


def test_json_is_ascii_in_any_encoding(tmp_path: Path) -> None:
    done = shell('py "$client" --json request --task list', tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert json.loads(done.stdout)


@pytest.mark.parametrize("args", [("enroll", "https://x.example/enroll#" + "t" * 43)])
def test_a_token_in_the_arguments_is_refused_and_not_repeated(
    tmp_path: Path, args: tuple[str, ...]
) -> None:
    code, said = at_terminal(CLIENT, *args, home=tmp_path)
    assert code == 2
    assert "others on this machine can see" in " ".join(said.split())
    assert "t" * 43 not in said


def test_what_is_typed_in_another_encoding_is_refused_in_a_sentence(tmp_path: Path) -> None:
    done = shell(
        "printf 'https://\\377' | py \"$client\" enroll -",
        tmp_path,
        PYTHONIOENCODING="utf-8:strict",
    )
    assert done.returncode == 1
    assert b"LC_ALL=C.UTF-8" in done.stderr
