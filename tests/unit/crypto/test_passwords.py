import pytest

from crypto.errors import MalformedError
from crypto.passwords import SYMBOLS, check_password, generate

ACCOUNT = {"account": "012345678901", "name": "Production", "email": "root@example.com"}
ALPHABET = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + SYMBOLS)


def test_the_symbols_are_aws_s_twenty_one() -> None:
    assert "! @ # $ % ^ & * ( ) < > [ ] { } | _ + - =".replace(" ", "") == SYMBOLS
    assert len(set(SYMBOLS)) == 21


@pytest.mark.parametrize("length", [8, 9, 64, 128])
def test_every_generated_password_satisfies_the_rule(length: int) -> None:
    for _ in range(200):
        password = generate(length)
        assert len(password) == length
        check_password(password, **ACCOUNT)


def test_passwords_have_64_characters_unless_asked() -> None:
    assert len(generate()) == 64


def test_generated_passwords_use_the_whole_alphabet_and_nothing_else() -> None:
    assert set("".join(generate(128) for _ in range(100))) == ALPHABET


@pytest.mark.parametrize("length", [-1, 0, 7, 129])
def test_no_other_length_is_generated(length: int) -> None:
    with pytest.raises(ValueError, match="8 to 128"):
        generate(length)


def test_a_refusal_does_not_repeat_the_password() -> None:
    with pytest.raises(MalformedError) as caught:
        check_password("hunter2hunter", **ACCOUNT)
    assert "hunter2" not in str(caught.value)
