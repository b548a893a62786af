"""The whole story again in a further line: no route, answer or query knows twelve digits alone."""

from tests.api.story import tell
from tests.cast import ACCOUNT, OTHER_ACCOUNT
from tests.usecases.world import World


def test_every_act_of_the_api_is_done_in_a_further_line(world: World) -> None:
    world.register(topic=f"arn:aws:sns:eu-central-1:{OTHER_ACCOUNT}:told")
    world.account = f"{ACCOUNT}.2"
    story = tell(world)
    assert {"account.register", "roster.sign", "envelope.seal", "request.release"} <= story.done
