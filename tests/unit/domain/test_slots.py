from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.domain import errors
from service.domain.slots import (
    MOST_PASSKEYS,
    Slot,
    SlotKind,
    Way,
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
PASSKEY = replace(PHRASE, id="k", kind=SlotKind.PASSKEY, credential=b"k")
SIGN_IN_ONLY = replace(PHRASE, id="s", kind=SlotKind.SIGN_IN_ONLY, credential=b"s")


def test_the_phrase_is_found_among_other_slots() -> None:
    assert phrase_of([PASSKEY, PHRASE]) is PHRASE
    assert phrase_of([PASSKEY]) is None


def test_a_first_phrase_may_be_added_beside_a_passkey() -> None:
    check_addition([PASSKEY], SlotKind.PHRASE)


def test_a_second_phrase_is_refused() -> None:
    with pytest.raises(errors.WrongStateError):
        check_addition([PASSKEY, PHRASE], SlotKind.PHRASE)


@pytest.mark.parametrize("kind", [SlotKind.PASSKEY, SlotKind.SIGN_IN_ONLY])
def test_passkeys_are_added_up_to_sixteen_and_replace_nothing(kind: SlotKind) -> None:
    check_addition([PHRASE, *[PASSKEY] * (MOST_PASSKEYS - 1)], kind)
    with pytest.raises(errors.WrongStateError):
        check_addition([PHRASE, SIGN_IN_ONLY, *[PASSKEY] * (MOST_PASSKEYS - 1)], kind)
    with pytest.raises(errors.SlotKindError):
        replaced_by([PHRASE, PASSKEY], kind)


def test_a_new_phrase_replaces_the_old_one() -> None:
    assert replaced_by([PASSKEY, PHRASE], SlotKind.PHRASE) is PHRASE


def test_a_phrase_that_is_not_there_cannot_be_replaced() -> None:
    with pytest.raises(errors.WrongStateError):
        replaced_by([PASSKEY], SlotKind.PHRASE)


OTHER = Way(id="k", kind=SlotKind.PASSKEY, credential=b"other")


@pytest.mark.parametrize(
    ("live", "signed", "in_a_roster", "refusal"),
    [
        ([PHRASE, PASSKEY], PASSKEY, True, None),
        ([PHRASE, PASSKEY], PHRASE, False, None),
        ([PHRASE, SIGN_IN_ONLY], SIGN_IN_ONLY, True, None),
        ([PHRASE, PASSKEY], PHRASE, True, errors.LastSlotError),
        ([PHRASE], PHRASE, False, errors.LastSlotError),
        ([PHRASE, SIGN_IN_ONLY], PHRASE, False, errors.LastSlotError),
        ([PASSKEY], PASSKEY, False, errors.LastSlotError),
        ([PHRASE, PASSKEY], replace(PHRASE, id="x"), False, errors.NotFoundError),
        ([], PHRASE, False, errors.NotFoundError),
        ([PHRASE, PASSKEY], replace(PASSKEY, id="p"), True, errors.SlotKindError),
        ([PHRASE, SIGN_IN_ONLY], replace(PASSKEY, id="s"), False, errors.SlotKindError),
        ([PHRASE, PASSKEY], OTHER, False, errors.SlotKindError),
    ],
)
def test_what_may_be_removed(
    live: list[Slot], signed: Way, in_a_roster: bool, refusal: type[errors.Refusal] | None
) -> None:
    if refusal is None:
        assert removable(live, signed, in_a_roster=in_a_roster).id == signed.id
        return
    with pytest.raises(refusal):
        removable(live, signed, in_a_roster=in_a_roster)
