"""A release while SNS refuses, hangs, or takes notices and then hangs; and a server that dies.

The release answers within five seconds whatever the channel does. After ``kill -9`` and a new start
every notice arrives, under the id of its event, and nothing else does.
"""

from pathlib import Path

import pytest

from service.domain.events import ACTIONS, Action
from service.ops import organisation as acts
from service.ops.organisation import ACCOUNT, REQUESTER
from service.ops.stage import Stage
from tests.fakes.sns import ACCEPT, ACCEPT_AND_HANG, HANG, Behaviour, FakeSns, refuse
from tests.hunt.recorder import Recorder, recording
from tests.notices.conftest import AWS, TOPIC
from tests.notices.expected import Log, leaves_of
from tests.notices.founded import Founded
from tests.ops.installation import eventually, free_port

# What the acts below write, in this order; what of it is told is the table's word.
STORY = (
    Action.REQUEST_OPENED,
    Action.REQUEST_RELEASED,
    Action.ENVELOPE_EXPOSED,
)
EXPECTED = [action.value for action in STORY if ACTIONS[action].announced]
OF_CHANNELS = {Action.CHANNEL_FAILED.value, Action.CHANNEL_RECOVERED.value}
BEHAVIOURS = {
    "refuses": refuse("AuthorizationError", 403),
    "hangs": HANG,
    "takes and hangs": ACCEPT_AND_HANG,
}


def release_under(
    behaviour: Behaviour, sns: FakeSns, stage: Stage, recorder: Recorder, approved: Founded
) -> None:
    """Ask, so that the worker is at it, then release and reveal; kill everything at once."""
    sns.behaviour = behaviour
    stage.start()
    ria = stage.player(REQUESTER)
    ria.act("request", ACCOUNT, "--task", "billing", "--reason", "another", "--yes")
    assert sns.wait_for(lambda fake: fake.calls > 0)
    assert ria.act("release", approved.request, "--yes")["state"] == "released"
    assert acts.revealed(ria, approved.request) == approved.password
    assert 0 < recorder.slowest() < 5
    stage.kill()


@pytest.mark.parametrize("how", BEHAVIOURS)
def test_a_release_waits_for_no_channel_and_every_notice_arrives(
    organisation: Founded, sns: FakeSns, tmp_path: Path, how: str
) -> None:
    port = free_port()
    with recording(port) as recorder:
        settings = {
            **AWS,
            "BREAKGLASS_SNS_TOPIC_ARN": TOPIC,
            "BREAKGLASS_SNS_ENDPOINT_URL": sns.url,
        }
        url = f"http://localhost:{recorder.port}"
        stage = organisation.copy(tmp_path / "stage", settings, port=port, url=url)
        since = len(Log(stage.state_dir).leaves)
        try:
            release_under(BEHAVIOURS[how], sns, stage, recorder, organisation)
            told = Log(stage.state_dir).told(since)
            assert [a.action for a in told.values() if a.action not in OF_CHANNELS] == EXPECTED
            sns.behaviour = ACCEPT
            stage.start()
            assert stage.ops("outbox", "retry").code == 0
            assert eventually(lambda: leaves_of(sns.published) >= told.keys())
            assert eventually(lambda: everything_told(stage, sns, since))
        finally:
            stage.kill()
    final = Log(stage.state_dir)
    events = [leaf.action for leaf in final.told(since).values()]
    assert [action for action in events if action not in OF_CHANNELS] == EXPECTED
    failures = 1 if how == "refuses" else 0
    assert [action for action in events if action in OF_CHANNELS] == sorted(OF_CHANNELS) * failures
    assert {final.check(published) for published in sns.published} == final.told(since).keys()
    assert {published.topic for published in sns.published} == {TOPIC}
    repeated = len(sns.published) > len(leaves_of(sns.published))
    assert repeated == (how == "takes and hangs")  # taken, and sent again under the same id


def everything_told(stage: Stage, sns: FakeSns, since: int) -> bool:
    """Whether nothing waits any more."""
    told = Log(stage.state_dir).told(since)
    failed = [leaf for leaf in told.values() if leaf.action in OF_CHANNELS]
    return leaves_of(sns.published) >= told.keys() and len(failed) != 1
