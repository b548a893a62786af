"""Passkeys of every kind: those that unlock, those that only sign in, and those we do not take."""

import re

from service.ops.organisation import ACCOUNT, REQUESTER
from tests.browser import acts
from tests.browser.authenticators import WITHOUT_PRF, WITHOUT_VERIFICATION
from tests.browser.conftest import Served

REASON = "the invoice run is stuck"


def asked(served: Served) -> str:
    """A request that waits for both groups."""
    ria = served.stage.player(REQUESTER)
    done = ria.act("request", ACCOUNT, "--task", "billing", "--reason", REASON, "--yes")
    return str(done["id"])


def test_one_press_of_a_passkey_signs_in_and_one_approves(served: Served) -> None:
    request = asked(served)
    mia = served.member("mia", at="/me")
    acts.add_passkey(mia)
    [credential] = mia.authenticator.credentials()
    assert credential["isResidentCredential"]
    mia.context.clear_cookies()
    acts.sign_in_with_passkey(mia)
    mia.opens("/")
    # Three taps on a phone: what waits, the decision, and that is all but one.
    mia.taps = 0
    mia.page.get_by_role("link", name=re.compile("asks to be root")).first.click()
    mia.taps += 1
    mia.page.wait_for_url(f"**/requests/{request}")
    assert REASON in mia.page.get_by_role("main").inner_text()
    mia.presses(re.compile("^Approve"))
    mia.told(re.compile("approved", re.IGNORECASE))
    assert mia.taps <= 3
    assert not mia.page.get_by_role("dialog").is_visible()


def test_a_passkey_without_prf_signs_in_and_says_that_it_does_not_unlock(served: Served) -> None:
    request = asked(served)
    mia = served.member("mia", at="/me", authenticator=WITHOUT_PRF)
    acts.add_passkey(mia, unlocks=False)
    mia.context.clear_cookies()
    acts.sign_in_with_passkey(mia)
    mia.opens(f"/requests/{request}")
    mia.acts(re.compile("^Approve"))
    mia.told(re.compile("approved", re.IGNORECASE))


def test_a_passkey_that_does_not_ask_who_is_there_is_not_made(served: Served) -> None:
    mia = served.member("mia", at="/me", authenticator=WITHOUT_VERIFICATION)
    mia.acts("Add a passkey")
    mia.page.locator("#alert, #status").filter(
        has_text=re.compile("passkey", re.IGNORECASE)
    ).first.wait_for()
    assert mia.authenticator.credentials() == []
    assert mia.page.locator("#slot-list li").count() == 1
