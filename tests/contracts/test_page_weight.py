"""The page that is opened in an emergency, over a bad network: what it waits for stays small."""

import gzip

from service.wire import assets
from tests.contracts.browser_doors import modules, static_imports
from tests.contracts.tree import ROOT

TEMPLATES = ROOT / "service" / "web" / "templates"
STYLE = "css/base.css"
# Bytes, each file compressed by itself; some of them are the frame's.
MOST = 47_000


def loaded(page: str) -> dict[str, bytes]:
    """A page's modules that are loaded before anything is done, as they are served."""
    texts = modules()
    found: dict[str, bytes] = {}
    waiting = [page]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found[module] = texts[module].encode()
            waiting += static_imports(module, texts[module])
    return found


def test_the_request_page_stays_light() -> None:
    files = [*loaded("pages/request").values(), assets.load()[STYLE]]
    assert len(files) > 30
    weight = sum(len(gzip.compress(data, 9, mtime=0)) for data in files)
    assert weight <= MOST


def test_the_request_page_has_that_style_sheet_alone() -> None:
    drawn = [(TEMPLATES / name).read_text() for name in ("base.html", "request.html")]
    assert [text.count('rel="stylesheet"') for text in drawn] == [1, 0]
    assert f"/{STYLE}" in drawn[0]
