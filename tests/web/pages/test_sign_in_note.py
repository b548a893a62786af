"""What an operator lets everybody read who is about to sign in."""

from dataclasses import replace
from pathlib import Path

import pytest

from service.config import Settings
from service.storage.sign_in_note import LIMIT
from service.web.app import create_app
from tests.usecases.world import World
from tests.web.calling import URL


def shown(world: World, path: Path) -> str:
    app = create_app(replace(world.ctx, sign_in_note=path), Settings(url=URL))
    answer = app.test_client().get("/sign-in", base_url=URL)
    assert answer.status_code == 200
    return answer.text


def test_its_paragraphs_stand_on_the_page_as_text(world: World, tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_text("Call <b>the desk</b>.\n\nA second one,\nin two lines.\n")
    page = shown(world, path)
    assert '<p class="lines">Call &lt;b&gt;the desk&lt;/b&gt;.</p>' in page
    assert '<p class="lines">A second one,\nin two lines.</p>' in page


def test_it_is_read_anew_each_time(world: World, tmp_path: Path) -> None:
    path = tmp_path / "note"
    app = create_app(replace(world.ctx, sign_in_note=path), Settings(url=URL))
    assert "at extension" not in app.test_client().get("/sign-in", base_url=URL).text
    path.write_text("at extension 7")
    assert "at extension 7" in app.test_client().get("/sign-in", base_url=URL).text


@pytest.mark.parametrize(
    "note",
    [b"", b" \n\n ", b"\xff\xfe", b"a\x00b", "a\u202eb".encode(), b"a" * (LIMIT + 1)],
    ids=["empty", "blank", "not UTF-8", "a control", "turned around", "too long"],
)
def test_a_note_that_is_none_keeps_nobody_out(world: World, tmp_path: Path, note: bytes) -> None:
    path = tmp_path / "note"
    path.write_bytes(note)
    assert 'class="lines"' not in shown(world, path)
