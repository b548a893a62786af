"""Files under a name that changes with them."""

import pytest
from werkzeug.test import TestResponse

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
