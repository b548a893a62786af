"""One small change to one file, and how the list of survivors writes it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """The characters from ``start`` to ``end`` of a file, and what replaces them."""

    path: str
    source: str
    start: int
    end: int
    after: str

    @property
    def mutated(self) -> str:
        return self.source[: self.start] + self.after + self.source[self.end :]

    @property
    def number(self) -> int:
        """The line, counted from one."""
        return self.source.count("\n", 0, self.start) + 1

    @property
    def line(self) -> str:
        return self.source.splitlines()[self.number - 1].strip()

    @property
    def becomes(self) -> str:
        return self.mutated.splitlines()[self.number - 1].strip()

    @property
    def named(self) -> tuple[str, str, str]:
        """What the list knows it by: line numbers move, so the line's text is the name."""
        return self.path, self.line, self.becomes
