"""What the documentation names exists; and what the code has, the documentation names."""

import re
from pathlib import Path

import pytest

from service.config import PREFIX, Settings
from service.domain.credential import EnvelopeState
from service.domain.events import Action
from service.domain.request import State
from service.ops.main import cli as ops
from service.web.problems import STATUS
from tests.contracts.tree import ROOT, project_files
from tests.docs.sources import commands, defined_tests

PAGES = sorted(path for path in project_files(".md") if "vectors" not in path.parts)
WRITTEN = [path for path in PAGES if path.name not in {"acts.md", "refusals.md", "events.md"}]
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
PLACE = re.compile(r"`((?:crypto|service|tests|migrations|deploy|docs)/[\w./-]*)`")
RUN = re.compile(r"^(breakglass(?:-ops)?) ((?:[a-z]+(?:-[a-z]+)* ?)+)", re.MULTILINE)


def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def anchors(path: Path) -> set[str]:
    """The anchors that a reader's viewer makes of headings."""
    heads = re.findall(r"^#+ (.+)$", text_of(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in LINK.findall(text_of(path)):
        if link.startswith("https://"):
            continue
        target, _, anchor = link.partition("#")
        found = (ROOT / path).parent / target if target else ROOT / path
        assert found.exists(), link
        assert not anchor or anchor in anchors(found.resolve().relative_to(ROOT)), link


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_every_file_and_test_that_is_named_exists(path: Path) -> None:
    text = text_of(path)
    assert [name for name in PLACE.findall(text) if not (ROOT / name).exists()] == []
    assert set(re.findall(r"`(test_[a-z0-9_]+)`", text)) - defined_tests() == set()


def known_to(program: str) -> set[str]:
    if program == "breakglass":
        return {*commands(), *(command.partition(" ")[0] for command in commands())}
    inner = {
        f"{name} {part}"
        for name, one in ops.commands.items()
        for part in getattr(one, "commands", {})
    }
    return {*ops.commands, *inner}


@pytest.mark.parametrize("path", WRITTEN, ids=str)
def test_every_command_that_is_shown_can_be_typed(path: Path) -> None:
    shown = "\n".join([*FENCE.findall(text_of(path)), *re.findall(r"`([^`\n]+)`", text_of(path))])
    for program, words in RUN.findall(shown):
        first = words.split()
        assert any(" ".join(first[:n]) in known_to(program) for n in (1, 2)), f"{program} {words}"


def everything() -> str:
    return "\n".join(map(text_of, PAGES))


def test_every_setting_is_explained() -> None:
    operations = text_of(Path("docs/operations.md"))
    named = set(re.findall(rf"{PREFIX}[A-Z0-9_]+", operations))
    assert {PREFIX + name.upper() for name in Settings.model_fields} <= named


def test_a_page_names_no_setting_that_does_not_exist() -> None:
    shown = (ROOT / "service" / "web").rglob("*.*")
    texts = [path.read_text() for path in shown if path.suffix in {".html", ".js", ".py"}]
    named = {name for text in texts for name in re.findall(rf"{PREFIX}[A-Z_]+", text)}
    assert named
    assert named <= {PREFIX + name.upper() for name in Settings.model_fields}


def test_every_event_state_and_refusal_is_mentioned() -> None:
    text = everything()
    codes = {refusal.code for refusal in STATUS}
    words = {*codes, *(action.value for action in Action)}
    assert [word for word in sorted(words) if f"| {word} |" not in text] == []
    protocol = text_of(Path("docs/protocol.md")).lower()
    states = {state.value for kind in (State, EnvelopeState) for state in kind}
    assert [state for state in sorted(states) if state not in protocol] == []


def test_every_line_fits_a_terminal_but_for_tables() -> None:
    long = [
        f"{path}:{number}"
        for path in WRITTEN
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if len(line) > 125 and not line.startswith("|")
    ]
    assert long == []
