"""A view shows a value as verified or as the service's word; the compiler refuses a third way."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.contracts.browser_doors import modules, static_imports
from tests.node import NODE

FOLDER = Path(__file__).parent
TSC = FOLDER / "node_modules" / "typescript" / "bin" / "tsc"
HEAD = """
import { button, element } from "@/frame/element.js";
import { checked, told, toldTogether } from "@/frame/values.js";
/** @param {import("@/frame/place.js").Place} place
 * @param {{ name: string, parts: string[], any: any }} found */
export function show(place, found) {
"""
REFUSED = (
    'element("p", {}, found.name);',
    'element("p", {}, found.any);',
    'element("p", {}, found.any.name);',
    'element("p", {}, `Asked by ${found.name}`);',
    'element("p", {}, "Asked by " + found.name);',
    'element("p", {}, String(found.any));',
    'element("p", {}, ...found.parts);',
    'element("p", {}, "Asked by ", found.name, element("b"));',
    'element("p", {}, found.any ? "yes" : found.name);',
    'element("p", {}, 7);',
    'element("ul", {}, ...found.parts.map((one) => one));',
    "place.ask(found.name);",
    'place.ask(["Are you ", found.name, "?"]);',
    'place.ask("Is it you?", found.name);',
    "place.ask(found.any);",
    "place.say(found.name);",
    "place.say(`Signed in as ${found.name}`);",
    "place.warn(found.any);",
    "place.put(found.name);",
    "place.offer(found.name);",
    "button(found.name, () => {});",
    "button(`Approve ${found.name}`, () => {});",
)
ALLOWED = (
    'element("p", {}, "Asked by ", told(found.name));',
    'element("p", {}, checked(found.name), " and ", told(found.any));',
    'element("p", {}, found.any ? "yes" : "no");',
    'element("ul", {}, ...found.parts.map((one) => element("li", {}, told(one))));',
    'element("p", {}, toldTogether(element("b", {}, told(found.name))));',
    'place.ask("Is it you?", "It takes a minute.");',
    'place.ask(["Are you ", told(found.name), "?"]);',
    'place.say("Done. ", checked(found.name));',
    "place.say();",
    'button("Approve", () => {});',
)
# What would put text into a page beside the two; no view needs any of it.
BESIDE = re.compile(
    r"\.(?:textContent|innerText|outerText|nodeValue|data)\s*=|createTextNode|insertAdjacent"
    r"|document\.(?:title|body|write)|\.(?:append|prepend|before|after|replaceWith)\(\s*[\"'`]"
)


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files that the compiler refuses, a file for each row."""
    folder = tmp_path_factory.mktemp("views")
    for name, rows in (("refused", REFUSED), ("allowed", ALLOWED)):
        for number, row in enumerate(rows):
            (folder / f"{name}{number}.js").write_text(f"{HEAD}{row}\n}}\n")
    config = json.loads((FOLDER / "tsconfig.json").read_text())
    options = config["compilerOptions"] | {
        "noUnusedLocals": False,
        "noUnusedParameters": False,
        "paths": {"@/*": [str(FOLDER.parents[1] / "service" / "browser" / "*")]},
    }
    (folder / "tsconfig.json").write_text(
        json.dumps({"compilerOptions": options, "include": ["*.js"]})
    )
    ran = subprocess.run(
        [NODE, TSC, "-p", folder], capture_output=True, text=True, timeout=120, check=False
    )
    assert "error TS2307" not in ran.stdout, ran.stdout  # a module that was not found
    return set(re.findall(r"(\w+)\.js\(\d+,\d+\): error", ran.stdout))


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_a_value_that_goes_through_neither_is_refused(errors: set[str], number: int) -> None:
    assert f"refused{number}" in errors, REFUSED[number]


@pytest.mark.parametrize("number", range(len(ALLOWED)))
def test_what_goes_through_one_of_them_is_not(errors: set[str], number: int) -> None:
    assert f"allowed{number}" not in errors, ALLOWED[number]


def views() -> dict[str, str]:
    """The modules of pages that make what a view shows."""
    return {
        module: text
        for module, text in modules().items()
        if module.startswith("pages/")
        and module != "pages/dom"
        and "frame/element" in static_imports(module, text)
    }


def test_no_view_goes_around_the_compiler() -> None:
    found = {module: BESIDE.findall(text) for module, text in views().items()}
    assert {module: hits for module, hits in found.items() if hits} == {}
    assert len(found) > 3
    for module, text in views().items():
        assert "pages/dom" not in static_imports(module, text), module
