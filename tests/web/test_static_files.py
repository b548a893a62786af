"""Files under a name that changes with them."""

import gzip

import pytest
from werkzeug.test import TestResponse

from service.web.compressed import Body
from service.web.static_files import StaticFiles, load
from service.wire import assets
from tests.web.calling import Calls

FOLDER = load().folder


def get(calls: Calls, path: str) -> TestResponse:
    return calls("GET", path)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("css/base.css", "text/css; charset=utf-8"),
        ("js/pages/request.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml; charset=utf-8"),
    ],
)
def test_a_file_is_served_as_what_it_is(calls: Calls, path: str, media_type: str) -> None:
    answer = get(calls, f"{FOLDER}/{path}")
    assert (answer.status_code, answer.content_type) == (200, media_type)
    assert answer.data == assets.load()[path]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        f"/static/{'0' * 16}/css/base.css",
        "/static/css/base.css",
        f"{FOLDER}/",
        f"{FOLDER}/css",
        f"{FOLDER}/css/",
        f"{FOLDER}/css//base.css",
        f"{FOLDER}/css/../css/base.css",
        f"{FOLDER}/../pages/words.py",
        f"{FOLDER}/%2e%2e/app.py",
        f"{FOLDER}/..%2fapp.py",
        f"{FOLDER}//etc/passwd",
        f"{FOLDER}/css/base.css%00.js",
        f"{FOLDER}/CSS/BASE.CSS",
    ],
)
def test_nothing_else_is_a_file(calls: Calls, path: str) -> None:
    assert get(calls, path).status_code == 404


def test_another_byte_is_another_name() -> None:
    content = dict(assets.load())
    for path in ("icon.svg", "css/base.css"):
        changed = {**content, path: content[path] + b"\n"}
        assert assets.digest(changed) != assets.digest(content)
    renamed = {("x" + path if path == "icon.svg" else path): d for path, d in content.items()}
    assert assets.digest(renamed) != assets.digest(content)


def test_a_page_names_what_its_script_imports_and_not_what_an_act_loads() -> None:
    files = StaticFiles(
        folder="",
        digest="",
        content={
            "js/a.js": b'import { b } from "./b.js";\nimport {\n  c,\n} from "./x/c.js";\n'
            b'const later = () => import("./later.js");\n',
            "js/b.js": b'export { d } from "./d.js";\nimport "./a.js";\n',
            "js/x/c.js": b'import { b } from "../b.js";\n',
            "js/d.js": b"export const d = 1;\n",
            "js/later.js": b"",
        },
    )
    assert sorted(files.imported("js/a.js")) == ["js/b.js", "js/d.js", "js/x/c.js"]


def test_every_import_leads_to_a_file() -> None:
    files = load()
    for path in files.content:
        if path.endswith(".js"):
            assert [target for target in files.imported(path) if target not in files.content] == []


def test_the_style_sheet_is_small() -> None:
    styles = [data for path, data in assets.load().items() if path.endswith(".css")]
    assert sum(map(len, styles)) < 20_000


@pytest.mark.parametrize(
    ("accepts", "zipped"),
    [
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("br, gzip;q=0.5", True),
        ("gzip, deflate, br, zstd", True),
        ("*", True),
        ("gzip;q=0", False),
        ("*;q=0", False),
        ("identity", False),
        ("identity, gzip;q=0.5", False),
        ("br", False),
        ("gzip;q=x", False),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_file_comes_compressed_to_who_reads_that(
    calls: Calls, accepts: str, zipped: bool, method: str
) -> None:
    path = f"{FOLDER}/css/base.css"
    plain = assets.load()["css/base.css"]
    answer = calls(method, path, headers={"Accept-Encoding": accepts} if accepts else {})
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert ("Content-Encoding" in answer.headers) is zipped
    length = int(answer.headers["Content-Length"])
    assert length < len(plain) if zipped else length == len(plain)
    if method == "HEAD":
        assert answer.data == b""
    else:
        assert len(answer.data) == length
        assert (gzip.decompress(answer.data) if zipped else answer.data) == plain


def test_every_file_comes_whole_both_ways(calls: Calls) -> None:
    for path, plain in assets.load().items():
        assert get(calls, f"{FOLDER}/{path}").data == plain
        answer = calls("GET", f"{FOLDER}/{path}", headers={"Accept-Encoding": "gzip"})
        zipped = answer.headers.get("Content-Encoding") == "gzip"
        assert len(answer.data) < len(plain) if zipped else answer.data == plain
        if zipped:
            assert gzip.decompress(answer.data) == plain


def test_every_start_compresses_to_the_same_bytes() -> None:
    for content in (b"a" * 1000, assets.load()["css/base.css"]):
        first, second = Body.of(content), Body.of(content)
        assert first == second
        assert first.zipped[4:8] == bytes(4)  # no time
    assert Body.of(b"a").zipped == b""  # it would be longer


@pytest.mark.parametrize(
    "path", ["/api/v1/people/me", "/api/v1/events", "/openapi.json", "/api/v1/x"]
)
def test_an_answer_of_the_api_is_never_compressed(calls: Calls, path: str) -> None:
    answer = calls("GET", path, token=calls.enrol(), headers={"Accept-Encoding": "gzip, *"})
    assert answer.data
    assert "Content-Encoding" not in answer.headers
    assert "Vary" not in answer.headers
