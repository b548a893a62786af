"""Talking with the person at the terminal.

Standard output carries what a command is for, and nothing else. Questions and remarks go to
standard error. An option can answer every question instead; without a terminal a question is
refused at once with that option's name, and nothing waits.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

import click

from service.client.foundation import render
from service.client.foundation.errors import ClientRefusal

_INPUT_LIMIT = 10_000  # characters


class Terminal:
    """Standard input, output and error of one call.

    ``as_json`` keeps standard output for the answer in JSON: ``say`` then writes to standard
    error. ``yes`` answers every ``confirm``. ``beside`` are members that every answer in JSON gets
    which is an object.
    """

    def __init__(self, *, interactive: bool | None = None) -> None:
        self.interactive = sys.stdin.isatty() if interactive is None else interactive
        self.as_json = False
        self.yes = False
        self.beside: Mapping[str, Any] = {}

    def say(self, text: str = "") -> None:
        """Write a line that is part of what was asked for."""
        click.echo(render.clean(text), err=self.as_json)

    def note(self, text: str) -> None:
        """Write a remark to standard error."""
        click.echo(render.clean(text), err=True)

    def warn(self, text: str) -> None:
        """Write to standard error a remark that no one should miss."""
        click.secho(f"WARNING: {render.clean(text)}", err=True, fg="yellow", bold=True)

    def check_secret(self) -> None:
        """Refuse to write a secret anywhere but to a terminal.

        Raises:
            ClientRefusal: ``not-a-terminal``.
        """
        if not self.is_terminal(self._output):
            raise ClientRefusal(
                "not-a-terminal",
                "a secret is written only to a terminal, never into a pipe or a file",
                "run this at a terminal without redirecting its output, or give --out-fd N; a "
                "password also goes to the clipboard with --copy",
            )

    def secret(self, text: str) -> None:
        """Write a secret to the terminal, exactly as it is.

        Raises:
            ClientRefusal: ``not-a-terminal``; ``not-shown``: the terminal's encoding lacks one of
                its characters, and another must not stand in its place.
        """
        self.check_secret()
        try:
            text.encode(self._output.encoding or "utf-8")
        except UnicodeEncodeError:
            raise ClientRefusal(
                "not-shown",
                "this terminal cannot show every character of it",
                "set LC_ALL=C.UTF-8, or give --copy or --out-fd N",
            ) from None
        click.echo(text, err=self.as_json)

    @staticmethod
    def is_terminal(stream: TextIO) -> bool:
        """Whether what is written there is seen by a person, and kept nowhere."""
        return stream.isatty()

    @property
    def _output(self) -> TextIO:
        return sys.stderr if self.as_json else sys.stdout

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show a table as part of what was asked for."""
        drawn = not self.as_json and sys.stdout.isatty()
        render.print_table(headers, rows, rich=drawn, write=self.say)

    def answer(self, value: Any, human: Callable[[], None]) -> None:  # noqa: ANN401 - JSON
        """Give the answer: ``value`` as JSON with ``--json``, else whatever ``human`` says.

        ``value`` is a wire shape or plain JSON data.
        """
        if not self.as_json:
            human()
            return
        import json

        data = value.model_dump(mode="json") if hasattr(value, "model_dump") else value
        if isinstance(data, dict):
            data = {**data, **self.beside}
        click.echo(json.dumps(data, indent=2, ensure_ascii=True))

    def confirm(self, question: str, *, option: str = "--yes") -> None:
        """Ask for a yes. Where another option than ``--yes`` answers, ``--yes`` does not.

        Raises:
            ClientRefusal: ``not-confirmed``, or ``needs-answer`` without a terminal.
        """
        if self.yes and option == "--yes":
            return
        self._need_terminal(question, option)
        if not click.confirm(render.one_line(question), err=True):
            raise ClientRefusal("not-confirmed", "nothing was done")

    def type_yes(self, question: str, *, option: str) -> None:
        """Ask for the word yes, which is typed in full and which ``--yes`` does not answer.

        Raises:
            ClientRefusal: ``not-confirmed``, or ``needs-answer`` without a terminal.
        """
        if self.ask(f"{question}, type yes", option=option).strip().lower() != "yes":
            raise ClientRefusal("not-confirmed", "nothing was done")

    def ask(self, question: str, *, option: str, hidden: bool = False) -> str:
        """Ask for a line of text; ``option`` names what would have answered.

        Raises:
            ClientRefusal: ``needs-answer`` without a terminal.
        """
        self._need_terminal(question, option)
        answer: str = click.prompt(render.one_line(question), hide_input=hidden, err=True)
        return answer

    def read(self, question: str) -> str:
        """Return what was given as ``-``: all of standard input, or a line typed at a terminal."""
        if self.interactive:
            return self.ask(question, option="-")
        return sys.stdin.read(_INPUT_LIMIT).strip()

    def choose(self, question: str, choices: Mapping[str, str], *, option: str) -> str:
        """Ask for one of ``choices`` (key to its description); return the key.

        Raises:
            ClientRefusal: ``needs-answer`` without a terminal.
        """
        self._need_terminal(question, option)
        for key, description in choices.items():
            self.note(f"  {key}  {description}")
        chosen: str = click.prompt(
            render.one_line(question), type=click.Choice(list(choices)), err=True
        )
        return chosen

    def hear_words(self, who: str, words: Sequence[str], *, option: str) -> None:
        """Have ``who`` read four of their words out, at places that chance picks; then show all.

        The words stay hidden until then: people nod at words that they can see.

        Raises:
            ClientRefusal: ``words-differ``, or ``needs-answer`` without a terminal.
        """
        from crypto.randomness import random_below

        places = list(range(len(words)))
        picked = sorted(places.pop(random_below(len(places))) for _ in range(4))
        for place in picked:
            heard = self.ask(f"Word {place + 1} as {who} reads it out", option=option)
            if heard.strip().lower() != words[place]:
                raise ClientRefusal(
                    "words-differ",
                    f"word {place + 1} of {render.one_line(who)} is different here",
                    "do not sign: the service may have shown you someone else's keys",
                )
        self.note(f"All eight: {render.spoken(words)}")

    @contextmanager
    def working(self, what: str) -> Iterator[None]:
        """Say on a terminal that something takes a while, and take it back when it is done."""
        shown = sys.stderr.isatty()
        if shown:
            click.echo(f"{what} ...", err=True, nl=False)
        try:
            yield
        finally:
            if shown:
                click.echo(f"\r{' ' * (len(what) + len(' ...'))}\r", err=True, nl=False)

    def _need_terminal(self, question: str, option: str) -> None:
        if not self.interactive:
            raise ClientRefusal(
                "needs-answer",
                f"this needs an answer: {render.one_line(question)}",
                f"give {option}, or run this at a terminal",
            )
