"""Channels by their names."""

from pathlib import Path

import pytest

from service.aws.notices.channel import PermanentFault
from service.aws.notices.channels import Channels
from service.aws.notices.file_channel import FileChannel
from service.aws.notices.sns import SnsChannel
from tests.aws.notices import TOPIC


def test_a_name_is_the_file_or_a_topic_and_each_is_built_once(tmp_path: Path, aws: None) -> None:
    channels = Channels(tmp_path)
    assert isinstance(channels.of("file"), FileChannel)
    assert isinstance(channels.of(TOPIC), SnsChannel)
    assert channels.of(TOPIC) is channels.of(TOPIC)


@pytest.mark.parametrize(
    "name", ["", "File", "arn:aws:sqs:eu-central-1:222222222222:q", TOPIC + "\n"]
)
def test_any_other_name_is_a_fault_that_somebody_must_mend(tmp_path: Path, name: str) -> None:
    with pytest.raises(PermanentFault) as fault:
        Channels(tmp_path).of(name)
    assert fault.value.code == "NoSuchChannel"
