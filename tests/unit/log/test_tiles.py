"""Tile paths and entry bundles, as C2SP tlog-tiles writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import MalformedError
from crypto.tiles import Tile, encode_entries, parse_entries, tiles_of


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(level=0, index=0, width=256), "tile/0/000"),
        (Tile(level=0, index=273, width=112), "tile/0/273.p/112"),
        (Tile(level=1, index=1, width=17), "tile/1/001.p/17"),
        (Tile(level=0, index=1_234_067, width=256), "tile/0/x001/x234/067"),
        (Tile(level=2, index=1_000, width=1), "tile/2/x001/000.p/1"),
    ],
)
def test_a_tile_has_the_path_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert tile.entries_path == path.replace(f"tile/{tile.level}/", "tile/entries/")


def test_a_tree_of_70_000_leaves_has_the_tiles_of_the_specification_s_example() -> None:
    paths = [tile.path for tile in tiles_of(70_000)]
    assert paths[:2] == ["tile/0/000", "tile/0/001"]
    assert paths[272:] == [
        "tile/0/272",
        "tile/0/273.p/112",
        "tile/1/000",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]


def test_an_empty_tree_has_no_tiles() -> None:
    assert list(tiles_of(0)) == []


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_a_bundle_returns_its_entries(leaves: list[bytes]) -> None:
    assert parse_entries(encode_entries(leaves)) == leaves


def test_an_entry_of_65_535_bytes_fits_and_one_more_does_not() -> None:
    longest = bytes(65_535)
    assert parse_entries(encode_entries([longest])) == [longest]
    with pytest.raises(MalformedError):
        encode_entries([longest + b"x"])


@pytest.mark.parametrize("bundle", [b"\x00", b"\x00\x01", b"\x00\x05abcd", b"\x00\x00" * 257])
def test_a_bundle_that_is_cut_short_or_too_long_is_refused(bundle: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_entries(bundle)


@given(st.binary(max_size=60))
def test_whatever_parses_as_a_bundle_is_written_the_same(bundle: bytes) -> None:
    try:
        leaves = parse_entries(bundle)
    except MalformedError:
        return
    assert encode_entries(leaves) == bundle
