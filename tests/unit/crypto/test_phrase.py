import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import MalformedError
from crypto.phrase import ITERATIONS, check_phrase, generate_phrase, phrase_keys
from crypto.wordlist import WORDS
from tests.vectors.typed import PHRASE


def test_the_number_of_iterations_is_the_protocol_s() -> None:
    assert ITERATIONS == 600_000


def test_a_generated_phrase_is_read_back() -> None:
    phrase = generate_phrase()
    assert len(phrase) == 11
    assert check_phrase(" ".join(phrase)) == phrase


def test_two_phrases_differ() -> None:
    assert generate_phrase() != generate_phrase()


def test_every_word_of_the_list_may_come_up() -> None:
    # 1024 words, 40,000 draws: that one is missed has a chance of about 10^-14
    assert {word for _ in range(4000) for word in generate_phrase()[:10]} == set(WORDS)


@given(st.integers(0, 10), st.sampled_from(WORDS))
def test_one_mistyped_word_hardly_ever_passes(place: int, word: str) -> None:
    words = PHRASE.split()
    words[place] = word
    try:
        checked = check_phrase(" ".join(words))
    except MalformedError:
        return
    # ten bits of check let one wrong phrase in a thousand through, never a wrong check word
    assert place != 10 or checked == tuple(PHRASE.split())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("academic " * 3, "11 words, not 3", id="too few"),
        pytest.param(PHRASE.replace("acid", "acidd"), "word 2 is not", id="one slip"),
        pytest.param(PHRASE.replace("a", "aa"), "word 1, 2, 3, 4", id="many slips"),
        pytest.param(PHRASE.replace("detect", "zero"), "last word", id="check"),
    ],
)
def test_a_slip_is_told_without_repeating_a_word(text: str, told: str) -> None:
    with pytest.raises(MalformedError, match=told) as caught:
        check_phrase(text)
    assert not any(word in str(caught.value).split() for word in text.split())


def test_keys_come_from_a_whole_phrase_only() -> None:
    with pytest.raises(MalformedError):
        phrase_keys(PHRASE.split()[:10], bytes(16), ITERATIONS)
