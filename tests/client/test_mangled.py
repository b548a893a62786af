"""Whatever a service, a mail or a disk hands over: it is understood or refused, never worse."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.client.audit.tree.blocks import parsed
from service.client.audit.tree.marks import marks_in
from service.client.commands.listing import parse_list
from service.client.foundation.errors import ClientRefusal
from service.client.foundation.spans import parse_span
from service.client.offline.files import read_shape
from service.client.trust.statements import read
from service.wire.base import Dsse
from service.wire.offline import OfflineCase, OfflineDecision, OfflineRequest
from tests.client.honest import first_roster, wire
from tests.client.logs import Log

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
)


@given(value=JSON)
def test_any_json_is_a_list_of_requests_or_refused(value: Any) -> None:
    for data in (value, {"requests": [value], "next": ""}):
        with suppress(ClientRefusal):
            parse_list(json.dumps(data).encode())


@given(data=st.binary(max_size=200))
def test_any_bytes_are_a_list_of_requests_or_refused(data: bytes) -> None:
    with suppress(ClientRefusal):
        parse_list(data)


@given(text=st.text(max_size=12))
def test_any_text_is_a_length_of_time_or_refused(text: str) -> None:
    with suppress(ClientRefusal):
        assert parse_span(text) > 0


@given(data=st.binary(max_size=300))
def test_any_bytes_are_a_leaf_or_refused(data: bytes) -> None:
    with suppress(ClientRefusal):
        assert parsed(data, 0).seq == 0


def test_a_leaf_that_is_mangled_or_out_of_its_place_is_refused() -> None:
    [good] = LOG.leaves
    assert parsed(good, 0).action == "log:started"
    for data, index in ((good, 1), (good[:-1], 0), (good + b"\n", 0), (b"{}", 0), (b"", 0)):
        with pytest.raises(ClientRefusal) as caught:
            parsed(data, index)
        assert caught.value.code == "leaf-malformed"


LOG = Log()
LOG.append("log:started", subject="service")
NOTE = LOG.checkpoint()


@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_a_checkpoint_is_found_in_any_mail_around_it(before: str, after: str) -> None:
    text = f"{before}\n{NOTE}\n{after}"
    [mark] = marks_in(text, LOG.signer.verifier, "a mail")
    assert mark.checkpoint.size == 1


@given(place=st.integers(0, len(NOTE) - 1), with_=st.characters(codec="utf-8"))
def test_a_checkpoint_of_which_one_character_is_another_is_no_evidence(
    place: int, with_: str
) -> None:
    changed = NOTE[:place] + with_ + NOTE[place + 1 :]
    found = list(marks_in(changed, LOG.signer.verifier, "a mail"))
    assert all(mark.checkpoint.text == NOTE.rpartition("\n\n")[0] + "\n" for mark in found)


@given(data=st.data())
def test_a_statement_of_which_one_character_is_another_is_never_the_same(
    data: st.DataObject,
) -> None:
    good = wire(first_roster())
    text = good.payload
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("ABab01+/="))
    with suppress(ClientRefusal):
        statement = read(
            Dsse.model_construct(
                payload=text[:place] + letter + text[place + 1 :],
                payloadType=good.payloadType,
                signatures=good.signatures,
            ),
            "roster",
        )
        assert (statement.digest == first_roster().digest) == (text[place] == letter)


@given(data=st.binary(max_size=200))
def test_any_file_is_one_of_ours_or_refused(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "handed-over"
    path.write_bytes(data)
    for shape in (OfflineRequest, OfflineDecision, OfflineCase):
        with suppress(ClientRefusal):
            read_shape(path, shape)
