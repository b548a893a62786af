"""Anyone who holds the log's key changes one field of one leaf: refused, or called unsigned."""

from collections.abc import Iterator

import pytest

from crypto.leaf import Leaf
from service.domain.declared import DECLARED
from service.domain.events import Action
from tests.client.audit.rewriting import Rewriting, changes
from tests.client.audit.whole import whole_leaves

# Compared where the tree is built; see ``test_epochs``.
OF_THE_TREE = ("log:epoch-began", ".root")


def declared(action: str) -> set[str]:
    return set(DECLARED[Action(action)].details)


def is_unsigned(leaf: Leaf, field: str) -> bool:
    """Whether the table says so; a time is the service's own everywhere."""
    if field == "at":
        return True
    entry = DECLARED[Action(leaf.action)]
    said = entry.details.get(field[1:]) if field.startswith(".") else getattr(entry, field, None)
    return said is not None and not said.proven


def one_of_each() -> Iterator[Leaf]:
    """The first leaf of each action, once for each set of details, with and without statement."""
    seen = set()
    for leaf in whole_leaves():
        kind = (leaf.action, *sorted(leaf.details), bool(leaf.statement))
        if kind not in seen:
            seen.add(kind)
            yield leaf


def wrongs(leaves: list[Leaf]) -> list[str]:
    """What is accepted though it is called proven, or changes what a report calls proven."""
    rewriting = Rewriting()
    wanted = rewriting.rest(Rewriting().before, 0)
    wrong = []
    for leaf in leaves:
        rewriting.until(leaf.seq)
        for change in changes(leaf):
            outcome = rewriting.outcome(change.leaf)
            if isinstance(outcome, str) or (leaf.action, change.field) == OF_THE_TREE:
                continue
            told = f"{leaf.action} {change.field}: {change.leaf}"
            if not is_unsigned(leaf, change.field):
                wrong.append(f"accepted: {told}")
            wrong += [f"{form} differs: {told}" for form in wanted if outcome[form] != wanted[form]]
    return wrong


def test_every_action_and_every_field_of_it_is_in_the_log_that_is_changed() -> None:
    told = {(leaf.action, name) for leaf in whole_leaves() for name in leaf.details}
    actions = {leaf.action for leaf in whole_leaves()}
    assert actions == {action.value for action in Action}
    assert {(a, name) for a in actions for name in declared(a)} == told


@pytest.mark.slow
def test_a_changed_field_is_refused_or_no_report_uses_it_as_proven() -> None:
    assert wrongs(list(one_of_each())) == []
