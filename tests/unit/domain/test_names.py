import pytest

from service.domain import names


@pytest.mark.parametrize(
    ("email", "kept"),
    [
        ("ann@corp.example", "ann@corp.example"),
        (" Ann@Corp.Example\n", "ann@corp.example"),
        ("ZOE\u0308@corp.example", "zo\u00eb@corp.example"),
        ("zo\u00eb@corp.example", "zo\u00eb@corp.example"),
        ("\u01c5@corp.example", "\u01c6@corp.example"),
        ("STRASSE@corp.example", "strasse@corp.example"),
        ("stra\u00dfe@corp.example", "strasse@corp.example"),
    ],
)
def test_a_mailbox_has_one_spelling(email: str, kept: str) -> None:
    assert names.address(email) == kept
    assert names.address(kept) == kept


@pytest.mark.parametrize(
    ("given", "apart"),
    [
        pytest.param([], True, id="nobody"),
        pytest.param(["Ann", "Anne", "Zo\u00eb", "Zoe"], True, id="an accent is heard"),
        pytest.param(["Ann", "Ann"], False, id="the same"),
        pytest.param(["Ann", "ANN"], False, id="capitals"),
        pytest.param(["Ann", "\uff21nn"], False, id="full width"),
        pytest.param(["Strasse", "Stra\u00dfe"], False, id="sharp s"),
        pytest.param(["Zoe\u0308"], False, id="not composed"),
        pytest.param(["Ann", "\u0410nn"], True, id="look-alikes are for people to hear"),
    ],
)
def test_names_are_told_apart(given: list[str], apart: bool) -> None:
    assert names.told_apart(given) is apart
