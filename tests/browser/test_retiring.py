"""The end of a line, drafted from the page of drafts."""

from service.ops.organisation import ACCOUNT, OPERATOR
from tests.browser.conftest import Served


def test_an_operator_drafts_the_end_of_a_line_and_the_roster_s_page_says_so(
    served: Served,
) -> None:
    olga = served.member(OPERATOR, at=f"/accounts/{ACCOUNT}/draft")
    olga.page.get_by_text("End this line of the account").click()
    olga.presses("Draft the end of this line")
    olga.page.wait_for_url(f"**/accounts/{ACCOUNT}/roster")
    olga.sees("no request or password is taken in this line any more")
