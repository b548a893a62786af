"""The witnesses of whom a roster's people want to hear before they believe an entry of the log."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsiders:
    """Witnesses as verifier keys, and how many of them must have seen an entry; 0 asks for none."""

    keys: tuple[str, ...] = ()
    wanted: int = 0


NONE_WANTED = Outsiders()
