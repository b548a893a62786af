"""No log, no release: what cannot be written down, or announced, has not happened."""

import pytest

from service.domain.events import Action
from tests.usecases.world import World


def full(*_args: object, **_more: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("place", ["service.storage.log.append", "service.storage.outbox.queue"])
def test_without_its_entry_and_its_notice_there_is_no_release(
    ready: World, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    request = ready.ask()
    ready.approve_all(request)
    before = ready.actions()
    with monkeypatch.context() as patched:
        patched.setattr(place, full)
        with pytest.raises(OSError, match="No space left"):
            ready.release(request)
    assert ready.state(request) == "approved"
    assert ready.actions() == before
    assert ready.release(request).state == "released"
    assert Action.REQUEST_RELEASED.value in ready.actions()
