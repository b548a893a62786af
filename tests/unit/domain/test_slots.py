from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.domain import errors
from service.domain.slots import (
    Slot,
    SlotKind,
    check_addition,
    phrase_of,
    removable,
    replaced_by,
)

PHRASE = Slot(
    id="p",
    person="ann",
    kind=SlotKind.PHRASE,
    wrapped_root=b"",
    salt=b"",
    iterations=600_000,
    sign_in_digest="",
    statement="",
    created_at=datetime(2026, 11, 23, tzinfo=UTC),
)
PASSKEY = replace(PHRASE, id="k", kind=SlotKind.PASSKEY)
SIGN_IN_ONLY = replace(PHRASE, id="s", kind=SlotKind.SIGN_IN_ONLY)


def test_the_phrase_is_found_among_other_slots() -> None:
    assert phrase_of([PASSKEY, PHRASE]) is PHRASE
    assert phrase_of([PASSKEY]) is None


def test_a_first_phrase_may_be_added_beside_a_passkey() -> None:
    check_addition([PASSKEY], SlotKind.PHRASE)


def test_a_second_phrase_is_refused() -> None:
    with pytest.raises(errors.WrongStateError):
        check_addition([PASSKEY, PHRASE], SlotKind.PHRASE)


@pytest.mark.parametrize("kind", [SlotKind.PASSKEY, SlotKind.SIGN_IN_ONLY])
def test_kinds_with_which_nobody_can_sign_in_are_refused(kind: SlotKind) -> None:
    with pytest.raises(errors.SlotKindError):
        check_addition([PHRASE], kind)
    with pytest.raises(errors.SlotKindError):
        replaced_by([PHRASE], kind)


def test_a_new_phrase_replaces_the_old_one() -> None:
    assert replaced_by([PASSKEY, PHRASE], SlotKind.PHRASE) is PHRASE


def test_a_phrase_that_is_not_there_cannot_be_replaced() -> None:
    with pytest.raises(errors.WrongStateError):
        replaced_by([PASSKEY], SlotKind.PHRASE)


@pytest.mark.parametrize(
    ("live", "slot", "kind", "in_a_roster", "refusal"),
    [
        ([PHRASE, PASSKEY], "k", SlotKind.PASSKEY, True, None),
        ([PHRASE, PASSKEY], "p", SlotKind.PHRASE, False, None),
        ([PHRASE, PASSKEY], "p", SlotKind.PHRASE, True, errors.LastSlotError),
        ([PHRASE], "p", SlotKind.PHRASE, False, errors.LastSlotError),
        ([PASSKEY], "k", SlotKind.PASSKEY, False, errors.LastSlotError),
        ([PHRASE, PASSKEY], "x", SlotKind.PHRASE, False, errors.NotFoundError),
        ([], "p", SlotKind.PHRASE, False, errors.NotFoundError),
        ([PHRASE, PASSKEY], "p", SlotKind.PASSKEY, True, errors.SlotKindError),
        ([PHRASE, SIGN_IN_ONLY], "s", SlotKind.PASSKEY, False, errors.SlotKindError),
    ],
)
def test_what_may_be_removed(
    live: list[Slot],
    slot: str,
    kind: SlotKind,
    in_a_roster: bool,
    refusal: type[errors.Refusal] | None,
) -> None:
    if refusal is None:
        assert removable(live, slot, kind, in_a_roster=in_a_roster).id == slot
        return
    with pytest.raises(refusal):
        removable(live, slot, kind, in_a_roster=in_a_roster)
