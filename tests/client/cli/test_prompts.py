import json
from collections.abc import Callable

import click
import pytest
from click.testing import CliRunner, Result

from service.client.cli.prompts import Terminal
from service.client.foundation.errors import ClientRefusal

WORDS = ("academic", "acid", "acne", "acquire", "acrobat", "activity", "actress", "adapt")


def at_terminal(ask: Callable[[Terminal], object], typed: str) -> Result:
    @click.command()
    def once() -> None:
        click.echo(ask(Terminal(interactive=True)))

    return CliRunner().invoke(once, input=typed)


@pytest.mark.parametrize(
    ("ask", "option"),
    [
        pytest.param(lambda t: t.confirm("Sure?"), "--yes", id="a yes"),
        pytest.param(lambda t: t.ask("Why?", option="--reason"), "--reason", id="a line"),
        pytest.param(
            lambda t: t.choose("Which?", {"a": "first"}, option="--task"), "--task", id="a choice"
        ),
        pytest.param(
            lambda t: t.hear_words("Bob", WORDS, option="--words-file"), "--words-file", id="words"
        ),
    ],
)
def test_without_a_terminal_a_question_is_refused_with_its_option(
    ask: Callable[[Terminal], object], option: str
) -> None:
    with pytest.raises(ClientRefusal) as refused:
        ask(Terminal(interactive=False))
    assert refused.value.code == "needs-answer"
    assert option in refused.value.hint


def test_yes_answers_what_yes_may_answer() -> None:
    terminal = Terminal(interactive=False)
    terminal.yes = True
    terminal.confirm("Sure?")
    with pytest.raises(ClientRefusal) as refused:
        terminal.confirm("The same words?", option="--digest-words")
    assert refused.value.code == "needs-answer"


@pytest.mark.parametrize("typed", ["n\n", "\n"])
def test_anything_but_yes_is_no(typed: str) -> None:
    result = at_terminal(lambda t: t.confirm("Sure?"), typed)
    assert isinstance(result.exception, ClientRefusal)
    assert result.exception.code == "not-confirmed"


def test_four_words_are_heard_before_all_are_shown() -> None:
    seen: list[str] = []

    def hear(terminal: Terminal) -> None:
        def answer(question: str, *, option: str, hidden: bool = False) -> str:
            del option, hidden
            assert not any(word in question for word in WORDS)
            seen.append(question)
            return WORDS[int(question.split()[1]) - 1].upper() + " "

        terminal.ask = answer  # type: ignore[method-assign]
        terminal.hear_words("Bob", WORDS, option="--words-file")

    result = at_terminal(hear, "")
    assert result.exit_code == 0, result.output
    assert len(set(seen)) == 4
    assert all(word in result.stderr for word in WORDS)


def test_one_other_word_ends_the_comparison_and_shows_nothing() -> None:
    result = at_terminal(lambda t: t.hear_words("Bob", WORDS, option="--words-file"), "zero\n")
    assert isinstance(result.exception, ClientRefusal)
    assert result.exception.code == "words-differ"
    assert not any(word in result.output for word in WORDS if word != "acid")


def test_the_places_that_are_asked_for_change() -> None:
    def places() -> str:
        return at_terminal(
            lambda t: t.hear_words("Bob", WORDS, option="--words-file"), "zero\n"
        ).stderr

    assert len({places() for _ in range(60)}) > 1


def test_a_hidden_answer_is_not_echoed() -> None:
    result = at_terminal(
        lambda t: len(t.ask("Phrase", option="--phrase-file", hidden=True)), "hunter2\n"
    )
    assert "hunter2" not in result.output
    assert result.stdout.strip().endswith("7")


def test_questions_do_not_stand_in_the_answer() -> None:
    result = at_terminal(lambda t: t.ask("Why", option="--reason"), "because\n")
    assert "Why" not in result.stdout
    assert "Why" in result.stderr


def test_json_has_standard_output_for_itself(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(interactive=False)
    terminal.as_json = True
    terminal.say("words for people")
    terminal.answer({"a": "\x1b\u202e"}, lambda: terminal.say("not said"))
    told = capsys.readouterr()
    assert json.loads(told.out) == {"a": "\x1b\u202e"}
    assert "\x1b" not in told.out
    assert told.err == "words for people\n"


def test_a_remark_cannot_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal(interactive=False).note("Ann\x1b]0;x\x07")
    assert capsys.readouterr().err == "Ann\ufffd]0;x\ufffd\n"


def test_a_question_is_one_line_whatever_stands_in_it() -> None:
    result = at_terminal(
        lambda terminal: terminal.confirm("Sign that of Payer\n\nAll is well?"), "y\n"
    )
    assert "Sign that of Payer  All is well? [y/N]" in result.stderr
