"""What a browser destroys of other requests never stands between a release and its reader."""

from playwright.sync_api import Route

from service.ops.organisation import REQUESTER
from tests.browser import acts
from tests.browser.conftest import Served
from tests.browser.person import PATIENCE, PersonInBrowser

_KEPT = """
async () => {
  const { keptRequests } = await import("${FOLDER}/device/keeping.js");
  const me = await (await fetch("/api/v1/people/me")).json();
  return (await keptRequests(me.person)).map(({ payload }) => payload.request);
}
"""


def kept(person: PersonInBrowser) -> set[str]:
    """The requests whose keys this browser keeps, by its own module."""
    script = person.page.locator("script[type=module][src]").first.get_attribute("src")
    assert script is not None
    folder = script.rsplit("/pages/", 1)[0]
    return set(person.page.evaluate(_KEPT.replace("${FOLDER}", folder)))


def test_a_password_is_shown_before_keys_of_other_requests_are_looked_at(served: Served) -> None:
    ria = served.member(REQUESTER)
    over = acts.ask(ria, served.account, "the invoice run is stuck")
    request = acts.ask(ria, served.account, "the invoice run is stuck once more")
    # On another device: this browser keeps its key until it looks.
    served.stage.player(REQUESTER).act("cancel", over, "--yes", "--reason", "not needed")
    for name in ("pia", "per", "mia", "max"):
        served.stage.player(name).act("approve", request, "--yes")
    held: list[Route] = []
    ria.page.route(f"**/api/v1/requests/{over}/**", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    acts.release(ria, request)
    assert acts.reveal(ria) == served.founded.password
    assert kept(ria) == {over, request}
    for route in held:
        route.continue_()
    ria.page.unroute(f"**/api/v1/requests/{over}/**")
    for _ in range(int(PATIENCE / 100)):
        if kept(ria) == {request}:
            break
        ria.page.wait_for_timeout(100)
    assert kept(ria) == {request}
