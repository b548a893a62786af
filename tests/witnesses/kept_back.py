"""What a service shows that keeps back what witnesses have said, to someone in a fork."""

from typing import Any


def without_lines(value: Any) -> Any:
    """An answer, without every witness's line under every checkpoint in it."""
    if isinstance(value, dict):
        kept = {name: without_lines(one) for name, one in value.items()}
        if "cosigned" in kept:
            kept["cosigned"] = []
        if "checkpoint" in kept:
            head, _, lines = kept["checkpoint"].rpartition("\n\n")
            kept["checkpoint"] = f"{head}\n\n{lines.splitlines()[0]}\n"
        return kept
    return [without_lines(one) for one in value] if isinstance(value, list) else value
