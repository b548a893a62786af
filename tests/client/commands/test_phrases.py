"""A phrase as people have it, its salt, and where a link leads."""

import codecs
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crypto.typedwords import decoded
from service.client.foundation import render
from service.usecases import sessions
from service.usecases.context import Context
from service.wire.people import EmailOnly
from tests.client.devices import Device, Lying
from tests.vectors.typed import PHRASE

PEOPLE_HAVE_IT_AS: dict[str, Callable[[list[str]], bytes]] = {
    "numbered": lambda words: "\n".join(f"{n}. {word}" for n, word in enumerate(words, 1)).encode(),
    "utf-8 with a mark": lambda words: " ".join(words).encode("utf-8-sig"),
    "utf-16": lambda words: codecs.BOM_UTF16_LE + "\r\n".join(words).encode("utf-16-le"),
    "utf-16, the other way": lambda w: codecs.BOM_UTF16_BE + ", ".join(w).encode("utf-16-be"),
    "as printed here": lambda words: render.spoken(words).encode(),
}


@pytest.mark.parametrize("form", PEOPLE_HAVE_IT_AS)
@pytest.mark.parametrize("way", ["file", "pipe", "terminal"])
def test_a_phrase_is_taken_as_people_have_it(operator: Device, form: str, way: str) -> None:
    data = PEOPLE_HAVE_IT_AS[form](operator.phrase_file.read_text().split())
    operator.phrase_file.write_bytes(data)
    if way == "file":
        result = operator.run("login", "--phrase-file", str(operator.phrase_file))
    elif way == "pipe":
        descriptor = os.open(operator.phrase_file, os.O_RDONLY)
        result = operator.run("login", "--phrase-fd", str(descriptor))
        os.close(descriptor)
    else:
        result = operator.run("login", typed=decoded(data) + "\n")
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(b"\xff\xfea", "UTF-8", id="half a character"),
        pytest.param("academic acid".encode("utf-16-le"), "UTF-8", id="UTF-16 without its mark"),
        pytest.param("academic acid".encode("utf-32"), "UTF-8", id="UTF-32"),
        pytest.param(b"acad\xe9mic", "UTF-8", id="Latin 1"),
        pytest.param(b"academic " * 445, "more than 4000 bytes", id="too long"),
        pytest.param(b"recovery phrase: " + PHRASE.encode(), "not 13", id="a heading"),
        pytest.param(b"academic acid", "11 words, not 2", id="too few"),
    ],
)
def test_what_is_wrong_with_a_phrase_file_is_said(operator: Device, data: bytes, told: str) -> None:
    operator.phrase_file.write_bytes(data)
    result = operator.run("login", "--phrase-file", str(operator.phrase_file))
    assert "[malformed-phrase]" in result.stderr
    assert told in " ".join(result.stderr.split())
    assert "acad" not in result.output


def test_words_on_lines_of_their_own_are_asked_on(operator: Device) -> None:
    words = operator.phrase_file.read_text().split()
    typed = f"{words[0]}\n.\n" + "\n".join([" ".join(words[:5]), " ".join(words[5:])]) + "\n"
    result = operator.run("login", typed=typed)
    assert result.exit_code == 0, result.output
    assert "11 words, not 1" in result.stderr
    assert "Words from 6 on" in result.stderr


def test_a_phrase_is_stretched_with_the_salt_of_its_address(
    operator: Device, service: Context, tmp_path: Path
) -> None:
    def told() -> str:
        return sessions.parameters(service, EmailOnly(email="ann@corp.example")).salt

    first = told()
    ann = operator.invite("Ann")
    assert told() == first
    ann.do("slots", "replace", "--phrase-out", str(tmp_path / "new"))
    assert told() == first
    assert [slot["salt"] for slot in ann.do("slots")["slots"]] == [first]


def test_an_invitation_leads_where_its_operator_goes(operator: Device) -> None:
    def elsewhere(made: Any) -> Any:
        return made | {"url": f"https://evil.example/enroll#{made['token']}"}

    lying = Lying(operator.transport, "/invitations", elsewhere)
    device = Device("Olga", operator.home, lying, operator.words)
    result = device.run("invite", "ann@corp.example", "Ann", "--json")
    made = json.loads(result.stdout)
    assert made["url"] == f"http://localhost:8420/enroll#{made['token']}"
    assert "https://evil.example/enroll" in " ".join(result.stderr.split())
