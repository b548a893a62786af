"""What a refusal advises is what the runbook says; no text advises what the runbook forbids."""

import re

import pytest

from service.storage.advice import AdvisedError, Kept
from tests.contracts.tree import ROOT
from tests.docs.advice import Command, advised, commands_in, findings, texts
from tests.docs.test_names import known_to

RUNBOOK = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
DEPLOY = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
HEAD = re.compile(r"^(#+) (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)

# Orders that can destroy evidence or silence the alarm.
ORDER = re.compile(r"\b(restore|overwrite|delete|remove)\b|\bput back (the|a|an|it|log)\b")
EVERY = pytest.mark.parametrize("refusal", advised(), ids=lambda refusal: refusal.__name__)


def slug(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")


def section(anchor: str) -> str:
    """The text below a heading of the runbook, up to the next one of its height."""
    heads = list(HEAD.finditer(FENCE.sub("", RUNBOOK)))
    [at] = [number for number, head in enumerate(heads) if slug(head[2]) == anchor]
    after = (h.start() for h in heads[at + 1 :] if len(h[1]) <= len(heads[at][1]))
    return FENCE.sub("", RUNBOOK)[heads[at].end() : next(after, None)]


def row(first: str) -> str:
    """The line of a table of the runbook whose first cell names this, and what it links to."""
    lines = (n for n in RUNBOOK.splitlines() if n.startswith("|") and first in n.split("|")[1])
    line = next(lines, "")
    return "\n".join([line, *(section(anchor) for anchor in re.findall(r"\(#([\w-]+)\)", line))])


def words(refusal: type[AdvisedError]) -> str:
    return f"{refusal.says}: {refusal.advice}"


@EVERY
def test_a_refusal_has_words_of_its_own_and_a_section_that_exists(
    refusal: type[AdvisedError],
) -> None:
    assert {"says", "advice", "__doc__"} <= vars(refusal).keys()
    assert not refusal.advice.runbook or section(refusal.advice.runbook)


@EVERY
def test_a_refusal_puts_back_what_it_declares_and_nothing_else(
    refusal: type[AdvisedError],
) -> None:
    said, back = words(refusal), refusal.advice.put_back
    assert not re.search(r"\b(restor\w*|overwrite|delete|remove)\b|from (a|the) backup", said)
    assert said.count("put back") == (0 if back is None else 1)
    if back is not None:
        order = re.split("[,;.] ", said[said.index("put back") :])[0]
        assert back.value in order
        assert "guard" not in order


@EVERY
def test_whoever_puts_back_the_database_or_the_log_s_key_leaves_the_guard(
    refusal: type[AdvisedError],
) -> None:
    back = refusal.advice.put_back
    if back in {Kept.DATABASE, Kept.LOG_KEY}:
        assert "Leave the guard as it is" in refusal.advice.never
        assert "Leave `log.guard`" in section("restoring")


def test_what_is_put_back_when_lost_is_what_the_table_of_files_says() -> None:
    lines = [line.split("|") for line in section("files-in-the-state-folder").splitlines()]
    files = {cells[1].strip(): cells[3] for cells in lines if len(cells) > 3}
    back = {name for name, lost in files.items() if "[put back]" in lost}
    assert back == {"`breakglass.db`, `-wal`, `-shm`", "`log.key`", "`at-rest.key`"}
    assert len(back) == len(Kept)
    assert "never from a copy" in files["`log.guard`"]


def test_no_other_text_of_the_server_orders_what_can_destroy_evidence() -> None:
    own = {words(refusal) for refusal in advised()}
    found = [
        (file, text)
        for file, text in texts()
        if " " in text and ORDER.search(text) and not any(text in whole for whole in own)
    ]
    assert found == []


def test_the_scan_of_texts_sees_orders() -> None:
    assert ORDER.search("the guard is missing: restore it from the backup")
    assert ORDER.search("put back log.guard")
    assert any("log.guard must never come from a copy" in text for _, text in texts())


@pytest.mark.parametrize("command", sorted({c for _, text in texts() for c in commands_in(text)}))
def test_a_command_that_a_text_names_exists_and_is_in_the_runbook(command: Command) -> None:
    assert command.name in known_to("breakglass-ops")
    assert command.option in {"", *command.options()}
    assert f"breakglass-ops {command.name}" in RUNBOOK.replace("\n", " ").replace("  ", " ")


@pytest.mark.parametrize("code", findings())
def test_a_finding_has_a_row_that_names_the_same_commands(code: str) -> None:
    told = " ".join(row(f"`{code}`").split())
    assert told
    for command in (c for message in findings()[code] for c in commands_in(message)):
        assert f"breakglass-ops {command.name}" in told


def test_there_is_one_runbook() -> None:
    """Two would contradict each other: what is done about a refusal is in docs/operations.md."""
    ours, theirs = (
        {slug(head[2]) for head in HEAD.finditer(FENCE.sub("", text))} for text in (RUNBOOK, DEPLOY)
    )
    assert ours & theirs == set()
    assert "../docs/operations.md#restoring" in DEPLOY
    assert not re.search(r"no\s+command", DEPLOY)
    assert "breakglass-ops log new-epoch" in " ".join(section("restoring").split())
