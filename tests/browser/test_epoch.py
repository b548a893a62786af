"""A log that was restored: a browser that saw more goes on only after a typed yes."""

import re

from playwright.sync_api import expect

from service.ops.organisation import REQUESTER
from tests.browser import acts
from tests.browser.conftest import Served
from tests.browser.looks import heard
from tests.browser.person import PATIENCE
from tests.browser.test_alarm import looked
from tests.browser.test_passkeys import asked
from tests.browser.test_trouble import decisions
from tests.ops.restored.restoring import put_file_back

WHY = "the disk broke, and the copy of this morning is all there is"


def restored(served: Served) -> None:
    """Go on with a copy that lacks the newest request; what the operator gives up is signed."""
    stage = served.stage
    assert stage.ops("backup", str(stage.root / "copy.db")).code == 0
    asked(served)
    looked(served.member("mia"))
    stage.stop()
    put_file_back(stage.state_dir, stage.root / "copy.db")
    assert stage.ops("log", "new-epoch", "--why", WHY, "--yes").code == 0
    stage.start()
    stage.player(REQUESTER).act("login")
    stage.player(REQUESTER).act("login", "--accept-epoch", "--yes")


def test_a_restored_log_wants_a_typed_yes_and_then_an_approval_is_one_press_again(
    served: Served,
) -> None:
    restored(served)
    request = asked(served)
    mia = served.room["mia"]
    with mia.watch.expecting("status of 401"):  # every session ended with the epoch
        mia.context.clear_cookies()
        acts.sign_in_with_phrase(mia, f"/requests/{request}")
    said = mia.warned("An older copy of the log was restored")
    assert f"ops:root says why: {WHY}" in said
    assert heard(mia.page) == []
    expect(mia.page.locator("#approve")).to_be_disabled()
    expect(mia.page.locator("#deny")).to_be_enabled()  # a no is good in any log
    mia.types("If you have asked the operator", "no")
    mia.presses("Go on with this log")
    expect(mia.page.locator("#approve")).to_be_disabled()
    mia.types("If you have asked the operator", "Yes")
    mia.presses("Go on with this log")
    expect(mia.page.locator("#approve")).to_be_enabled(timeout=PATIENCE)
    expect(mia.page.locator("#alert")).to_be_hidden()
    mia.acts(re.compile("^Approve"))
    mia.told("You approved")
    assert decisions(mia, request) == 1
