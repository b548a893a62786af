"""One event as a sentence for people."""

from crypto.leaf import Leaf
from service.domain.events import ACTIONS, Action


class _Details(dict[str, str]):
    """A leaf may lack a detail that the sentence names."""

    def __missing__(self, _name: str) -> str:
        return "?"


def sentence_of(leaf: Leaf, who: str = "") -> str:
    """Return the event in words, or the bare action if this client does not know it."""
    if leaf.action not in set(Action):
        return leaf.action
    said = _Details({name: text_of(value) for name, value in leaf.details.items()})
    said["who"] = who or leaf.actor
    return ACTIONS[Action(leaf.action)].sentence.format_map(said)


def text_of(value: object) -> str:
    """Return a detail as text."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
