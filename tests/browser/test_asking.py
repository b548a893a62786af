"""Asking at a browser for what needs no root: the alternative is named, and words are required."""

import re

from playwright.sync_api import expect

from service.domain.tasks import TASKS
from service.ops.organisation import REQUESTER
from tests.browser import acts
from tests.browser.conftest import Served
from tests.browser.person import PATIENCE

WHY = "the organisation's roles are locked"


def test_a_task_that_needs_no_root_is_asked_for_in_words_after_its_alternative(
    served: Served,
) -> None:
    ria = served.member(REQUESTER)
    ria.opens(f"/accounts/{served.account}/ask")
    instead, wrong = ria.page.locator("#task-instead"), ria.page.locator("#task_text-error")
    ria.chooses("What is to be done", "billing")
    expect(instead).to_be_hidden()
    ria.chooses("What is to be done", "regions")
    expect(instead).to_contain_text(TASKS["regions"].instead)
    ria.types(re.compile("^Why"), "an emergency")
    ria.presses("Ask both groups")
    expect(wrong).to_have_text("Say why root, though it needs none.", timeout=PATIENCE)
    assert acts.REQUEST.search(ria.page.url) is None
    ria.types("The same in words", WHY)
    ria.acts("Ask both groups")
    ria.page.wait_for_url(acts.REQUEST)
    ria.sees(WHY)
