"""What an operator lets everyone read who is about to sign in."""

from dataclasses import replace
from pathlib import Path

import pytest

from service.config import Settings
from service.storage.sign_in_note import LIMIT
from service.usecases.context import Context
from service.web.app import create_app
from service.wire.note import Note
from tests.web.calling import URL


def shown(ctx: Context, path: Path | None) -> list[str]:
    app = create_app(replace(ctx, sign_in_note=path), Settings(url=URL))
    answer = app.test_client().get("/api/v1/note", base_url=URL)
    assert answer.status_code == 200
    return Note.model_validate_json(answer.data).paragraphs


@pytest.mark.act("note.show")
def test_everyone_gets_its_paragraphs_as_they_stand(ctx: Context, tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_text("Call <b>the desk</b>.\n\nA second one,\nin two lines.\n")
    assert shown(ctx, path) == ["Call <b>the desk</b>.", "A second one,\nin two lines."]


def test_it_is_read_anew_each_time(ctx: Context, tmp_path: Path) -> None:
    path = tmp_path / "note"
    app = create_app(replace(ctx, sign_in_note=path), Settings(url=URL))
    first = app.test_client().get("/api/v1/note", base_url=URL)
    assert first.json == {"paragraphs": []}
    path.write_text("at extension 7")
    assert app.test_client().get("/api/v1/note", base_url=URL).json == {
        "paragraphs": ["at extension 7"]
    }


@pytest.mark.parametrize(
    "note",
    [b"", b" \n\n ", b"\xff\xfe", b"a\x00b", "a\u202eb".encode(), b"a" * (LIMIT + 1)],
    ids=["empty", "blank", "not UTF-8", "a control", "turned around", "too long"],
)
def test_a_note_that_is_none_keeps_no_one_out(ctx: Context, tmp_path: Path, note: bytes) -> None:
    path = tmp_path / "note"
    path.write_bytes(note)
    assert shown(ctx, path) == []
    assert shown(ctx, None) == []
