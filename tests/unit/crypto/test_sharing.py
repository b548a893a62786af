import dataclasses
import itertools

import pytest
import shamir_mnemonic  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.errors import MalformedError, NotEnoughSharesError, VerificationError
from crypto.secret import SecretBytes
from crypto.sharing import combine, parse_share, read_share, split

SECRET = SecretBytes(bytes(range(32)))
GROUP = st.integers(1, 16).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n)))


@given(st.binary(min_size=32, max_size=32), GROUP, GROUP, st.randoms())
@settings(max_examples=15)
def test_any_threshold_of_both_groups_gives_the_secret_back(
    secret: bytes, password: tuple[int, int], mfa: tuple[int, int], order: object
) -> None:
    groups = split(SecretBytes(secret), [password, mfa])
    assert [len(group) for group in groups] == [password[1], mfa[1]]
    chosen = [
        mnemonic
        for mnemonics, (threshold, _) in zip(groups, (password, mfa), strict=True)
        for mnemonic in sample(order, mnemonics, threshold)
    ]
    assert combine(chosen).reveal() == secret


def sample(order: object, mnemonics: tuple[str, ...], count: int) -> list[str]:
    shuffled = list(mnemonics)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    return shuffled[:count]


def test_every_quorum_of_two_and_two_gives_the_secret_and_nothing_less_does() -> None:
    password, mfa = split(SECRET, [(2, 3), (2, 3)])
    for left in itertools.combinations(password, 2):
        for right in itertools.combinations(mfa, 2):
            assert combine([*left, *right]) == SECRET
    for short in ([*password, mfa[0]], [password[0], *mfa], password, mfa, [], [password[0]]):
        with pytest.raises(NotEnoughSharesError):
            combine(short)


def test_shares_say_their_group_and_place_in_the_order_of_the_roster() -> None:
    password, mfa = split(SECRET, [(2, 3), (3, 4)])
    shares = [parse_share(mnemonic) for mnemonic in (*password, *mfa)]
    assert [(share.group, share.member, share.threshold) for share in shares] == [
        *(("password", member, 2) for member in range(3)),
        *(("mfa", member, 3) for member in range(4)),
    ]
    assert len({share.identifier for share in shares}) == 1


def test_a_group_with_threshold_one_has_one_share_in_many_hands() -> None:
    password, mfa = split(SECRET, [(1, 4), (2, 2)])
    assert len(set(password)) == 1
    assert parse_share(password[0]).member == 0
    assert combine([password[0], password[3], *mfa]) == SECRET


def test_two_splits_of_one_secret_do_not_mix() -> None:
    first, second = (split(SECRET, [(2, 2), (2, 2)]) for _ in range(2))
    for mixed in ([*first[0], *second[1]], [first[0][0], second[0][1], *first[1]]):
        with pytest.raises(VerificationError, match="different envelopes"):
            combine(mixed)


def test_a_foreign_share_of_the_same_identifier_is_noticed() -> None:
    """The identifier has 15 bits: a sealer can make two splits that share it, and mix them."""
    seen: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for _ in range(3000):
        groups = split(SECRET, [(2, 2), (1, 1)])
        number = parse_share(groups[0][0]).identifier
        if number in seen:
            with pytest.raises(VerificationError):
                combine([seen[number][0][0], groups[0][1], groups[1][0]])
            with pytest.raises(VerificationError):
                combine([*groups[0], seen[number][0][0], groups[1][0]])
            return
        seen[number] = groups
    pytest.fail("3000 draws of 15 bits without a repetition")


@pytest.mark.parametrize(
    "groups",
    [
        pytest.param([(0, 3), (2, 3)], id="threshold zero"),
        pytest.param([(4, 3), (2, 3)], id="threshold over members"),
        pytest.param([(2, 3), (2, 17)], id="too many members"),
        pytest.param([(0, 0), (2, 3)], id="empty group"),
        pytest.param([(2, 3)], id="one group"),
        pytest.param([(2, 3)] * 3, id="three groups"),
        pytest.param([], id="no group"),
    ],
)
def test_only_two_groups_with_sound_thresholds_are_split_among(
    groups: list[tuple[int, int]],
) -> None:
    with pytest.raises(ValueError, match="group"):
        split(SECRET, groups)


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_only_secrets_of_256_bits_are_split(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        split(SecretBytes(bytes(length)), [(1, 1), (1, 1)])


def foreign(mnemonic: str, **changes: int | bytes) -> str:
    """Return a well-formed SLIP-39 share that differs from ours in what is given."""
    share = shamir_mnemonic.Share.from_mnemonic(mnemonic)
    return str(dataclasses.replace(share, **changes).mnemonic())


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"value": bytes(16)}, id="128 bits"),
        pytest.param({"value": bytes(34)}, id="272 bits"),
        pytest.param({"extendable": False}, id="not extendable"),
        pytest.param({"iteration_exponent": 1}, id="more iterations"),
        pytest.param({"group_threshold": 1}, id="one group is enough"),
        pytest.param({"group_count": 3}, id="three groups"),
        pytest.param({"group_index": 2}, id="a group beyond the second"),
    ],
)
def test_a_share_of_other_parameters_is_not_ours(changes: dict[str, int | bytes]) -> None:
    mnemonic = split(SECRET, [(1, 1), (1, 1)])[0][0]
    assert foreign(mnemonic) == mnemonic
    with pytest.raises(MalformedError):
        parse_share(foreign(mnemonic, **changes))


def test_a_share_that_contradicts_its_group_is_refused_also_as_a_spare() -> None:
    password, mfa = split(SECRET, [(2, 3), (1, 1)])
    for changes in ({"member_threshold": 3}, {"index": 1}, {"value": bytes(32)}):
        spare = foreign(password[0 if "value" in changes else 2], **changes)
        with pytest.raises(VerificationError, match="contradict"):
            combine([*password[:2], spare, *mfa])


def test_no_mangled_mnemonic_is_a_share() -> None:
    mnemonic = split(SECRET, [(1, 1), (1, 1)])[0][0]
    words = mnemonic.split(" ")
    mangled = [mnemonic[:cut] for cut in range(len(mnemonic))]
    mangled += [
        mnemonic[:i] + c + mnemonic[i + 1 :] for i in range(len(mnemonic)) for c in " aZ\u212a"
    ]
    mangled += [" ".join(words[:i] + words[i + 1 :]) for i in range(33)]
    mangled += [" ".join([*words[:i], words[i + 1], words[i], *words[i + 2 :]]) for i in range(32)]
    for text in set(mangled) - {mnemonic}:
        with pytest.raises(MalformedError):
            parse_share(text)


def test_what_was_opened_is_read_as_ascii_alone() -> None:
    mnemonic = split(SECRET, [(1, 1), (1, 1)])[0][0]
    assert read_share(SecretBytes(mnemonic.encode())).mnemonic == mnemonic
    for opened in (b"", b"\xff", mnemonic.encode() + b"\n", mnemonic.encode("utf-16")):
        with pytest.raises(MalformedError):
            read_share(SecretBytes(opened))


def test_a_share_and_its_refusals_do_not_show_words() -> None:
    mnemonic = split(SECRET, [(2, 2), (1, 1)])[0][0]
    assert not set(repr(parse_share(mnemonic)).split()) & set(mnemonic.split())
    with pytest.raises(MalformedError) as caught:
        parse_share(mnemonic + " zero")
    assert not set(str(caught.value).split()) & {*mnemonic.split(), "zero"}
    assert caught.value.__suppress_context__
