"""The one page of HTML that the browser's application begins with."""

import gzip
import re
from base64 import b64decode
from collections.abc import Mapping
from http import HTTPStatus

import pytest
from flask import Flask

from crypto.encoding import hex_digest, sha256
from service.config import Settings
from service.usecases.context import Context
from service.web.app import create_app
from service.web.page import is_page
from service.wire import assets, shell
from service.wire.shell import PAGES, SHELL
from tests.contracts.browser_doors import BROWSER
from tests.web.calling import Calls

MOST_OF_THE_SHELL, MOST_OF_THE_CORE, MOST_OF_ALL = 7_000, 58_000, 175_000  # bytes, compressed
NAMED = re.compile(r'(?:src|href)="/static/[0-9a-f]{16}/([^"]+)" integrity="sha256-([^"]+)"')
UNKNOWN = (
    *("/nowhere", "/sign-in/", "/Sign-in", "/accounts/x/", "/.well-known/x"),
    *("/a/b/c", "/metrics", "/apis", "/statics/x"),
)


@pytest.fixture(scope="module")
def page() -> bytes:
    return shell.page()


def test_the_same_bytes_go_to_everyone(ctx: Context, calls: Calls, page: bytes) -> None:
    ann, olga = calls.enrol("Ann"), calls.enrol("Olga", operator=True)
    bodies = set()
    for path in SHELL:
        bodies |= {
            calls("GET", path, token=token, headers=headers).data
            for token in ("", ann, olga, "no-token")
            for headers in ({}, {"Cookie": f"breakglass={ann}"}, {"Accept": "application/json"})
        }
        for query in ("?utm_x=1", "?next=//evil.example", "?next=/a&next=/b", "?%00", "?x" * 99):
            answer = calls("GET", path + query)
            assert answer.status_code == HTTPStatus.OK
            assert "Set-Cookie" not in answer.headers
            bodies.add(answer.data)
    elsewhere = Calls(create_app(ctx, Settings(url="https://bg.example.org")), ctx)
    bodies.add(elsewhere("GET", "/sign-in", base_url="https://bg.example.org").data)
    assert bodies == {page}


@pytest.mark.parametrize("path", UNKNOWN)
@pytest.mark.parametrize("accept", ["text/html", "application/json", ""])
def test_an_unknown_address_is_404_with_the_same_bytes(
    calls: Calls, page: bytes, path: str, accept: str
) -> None:
    answer = calls("GET", path, headers={"Accept": accept})
    assert (answer.status_code, answer.data) == (HTTPStatus.NOT_FOUND, page)
    assert answer.content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1/nowhere", "//api/v1/x", "/static/", "/healthz/"]
)
def test_an_address_of_the_api_never_answers_html(calls: Calls, path: str) -> None:
    written = {"PATH_INFO": path}  # as it is: a client takes two slashes for a host
    answer = calls("GET", "/", headers={"Accept": "text/html"}, environ_overrides=written)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_it_is_sent_again_only_when_it_changed(calls: Calls, page: bytes) -> None:
    first = calls("GET", "/sign-in")
    tag = first.headers["ETag"]
    assert tag == f'W/"{hex_digest(page)}"'
    for path in ("/sign-in", "/enroll"):
        again = calls("GET", path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (HTTPStatus.NOT_MODIFIED, b"")
        assert again.headers["ETag"] == tag
        assert "Date" not in again.headers  # the server sends one
    other = calls("GET", "/sign-in", headers={"If-None-Match": f'"{"0" * 64}"'})
    assert other.data == page


def test_it_comes_compressed_to_who_reads_that(calls: Calls, page: bytes) -> None:
    zipped = calls("GET", "/enroll", headers={"Accept-Encoding": "gzip, br"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert int(zipped.headers["Content-Length"]) == len(zipped.data) < len(page) / 2
    assert gzip.decompress(zipped.data) == page
    assert zipped.headers["ETag"] == calls("GET", "/enroll").headers["ETag"]


def test_each_page_route_is_the_shells_or_drawn_by_the_server(app: Flask) -> None:
    views = {rule.rule: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}
    pages = {rule: view for rule, view in views.items() if is_page(view)}
    drawn = {rule for rule, view in pages.items() if view.__dict__["page"]}
    assert set(pages) == drawn | set(SHELL)
    assert drawn.isdisjoint(SHELL)
    assert len(pages) == PAGES


def test_the_router_has_a_view_for_each_route_of_the_shell() -> None:
    main = (BROWSER / "pages" / "main.js").read_text()
    views = re.findall(r'\bpath: "([^"]+)"', main)
    assert sorted(views) == sorted(re.sub(r"<\w+:(\w+)>", r"<\1>", rule) for rule in SHELL)


def test_it_names_every_module_that_may_load_with_its_digest(page: bytes) -> None:
    files = assets.load()
    named = NAMED.findall(page.decode())
    assert {path: b64decode(digest) for path, digest in named} == {
        path: sha256(files[path]) for path, _ in named
    }
    modules = {path for path, _ in named if path.endswith(".js")}
    assert modules == {*shell.imported(files, shell.MAIN, later=True), shell.START}
    assert len(re.findall(rb"<script\b|<link\b", page)) == len(named) + 1  # and the icon


def test_scripts_are_named_in_the_order_in_which_they_are_needed(page: bytes) -> None:
    lines = page.decode().splitlines()
    loading = [line for line in lines if line.startswith(("<script", "<link"))]
    assert loading[0].startswith('<script type="module" async src="/static/')
    assert shell.START in loading[0]
    assert shell.STYLE in loading[1]
    assert shell.MAIN in loading[-1]
    low = ["fetchpriority" in line for line in loading if "modulepreload" in line]
    assert low == sorted(low)
    assert True in low
    assert False in low


def test_it_holds_nothing_that_runs_by_itself(page: bytes) -> None:
    text = page.decode()
    assert re.findall(r"<script[^>]*>[^<]", text) == []
    assert re.findall(r"<(style|base|iframe|object|embed|form|template|meta http)", text) == []
    assert re.findall(r"\s(on\w+|style|srcdoc)=", text) == []


FILES: Mapping[str, bytes] = {
    "css/base.css": b"a {}",
    "icon.svg": b"<svg/>",
    "js/link/start.js": b"export {};\n",
    "js/pages/main.js": b'import "../link/start.js";\nconst f = () => import("./b.js");\n',
    "js/pages/signIn.js": b'export { d } from "../link/d.js";\n',
    "js/pages/b.js": b'import {\n  c,\n} from "./x/c.js";\n',
    "js/pages/x/c.js": b'import "../b.js";\n',
    "js/link/d.js": b"export const d = 1;\n",
    "js/pages/drawn.js": b"",
}
SKELETON = b"<head>\n<!-- files -->\n</head>\n"


def test_it_depends_on_its_files_and_its_skeleton_alone() -> None:
    made = shell.shell(FILES, SKELETON)
    assert made == shell.shell(dict(sorted(FILES.items(), reverse=True)), SKELETON)
    named = [path for path, _ in NAMED.findall(made.decode())]
    assert named == [
        *("js/link/start.js", "css/base.css", "js/link/d.js", "js/pages/main.js"),
        *("js/pages/signIn.js", "js/pages/b.js", "js/pages/x/c.js", "js/pages/main.js"),
    ]
    for path in set(named):
        assert shell.shell({**FILES, path: FILES[path] + b"\n"}, SKELETON) != made


@pytest.mark.parametrize("skeleton", [b"<head></head>", SKELETON + SKELETON])
def test_a_skeleton_has_one_place_for_its_files(skeleton: bytes) -> None:
    with pytest.raises(ValueError, match="one place"):
        shell.shell(FILES, skeleton)


def test_what_a_browser_fetches_stays_small(page: bytes) -> None:
    files = assets.load()

    def weight(paths: tuple[str, ...]) -> int:
        return sum(len(gzip.compress(files[path], 9, mtime=0)) for path in paths)

    assert len(gzip.compress(page, 9, mtime=0)) <= MOST_OF_THE_SHELL
    assert weight((*shell.imported(files, *shell.CORE), shell.STYLE)) <= MOST_OF_THE_CORE
    assert weight(shell.imported(files, shell.MAIN, later=True)) <= MOST_OF_ALL
