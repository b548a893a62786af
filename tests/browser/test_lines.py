"""A further line at browsers: registered on a page, and held back until a typed yes."""

import json
import re

from playwright.sync_api import expect

from crypto.spoken import roster_words
from service.ops.organisation import ACCOUNT, CUSTODIANS, MFA, OPERATOR, PASSWORD, REQUESTER, email
from service.web.pages.words import spaced
from tests.browser import acts
from tests.browser.conftest import Served
from tests.browser.person import PATIENCE

LINE = f"{ACCOUNT}.2"


def found_line(served: Served) -> None:
    """Everyone signs the first roster of the new line, at terminals."""
    stage = served.stage
    wishes = ["--name", "payments", "--root-email", "root@example.test", "--type", "standalone"]
    wishes += ["--password-threshold", "2", "--mfa-threshold", "2"]
    wishes += ["--requester", email(REQUESTER), "--sealer", email(REQUESTER)]
    for group, people in (("--password", PASSWORD), ("--mfa", MFA)):
        for name in people:
            wishes += [group, email(name)]
    digest = stage.player(OPERATOR).act("roster", "draft", LINE, *wishes)["id"]
    signers = (*CUSTODIANS, REQUESTER)
    heard = {name: " ".join(stage.player(name).act("whoami")["words"]) for name in signers}
    words = stage.player(OPERATOR).home / "heard.json"
    words.write_text(json.dumps(heard), encoding="ascii")
    told = ("--words-file", str(words), "--digest-words", " ".join(roster_words(digest)))
    for name in signers:
        stage.player(name).act("roster", "sign", LINE, *told, "--in-this-line", "--yes")


def test_a_line_is_registered_and_sealing_in_it_waits_for_a_typed_yes(served: Served) -> None:
    olga = served.member(OPERATOR)
    acts.register_account(olga, f" {spaced(LINE)} ")  # as AWS prints it
    found_line(served)
    ria = served.member(REQUESTER)
    ria.opens(f"/accounts/{LINE}/seal")
    page = ria.page
    expect(page.get_by_text(f"{ACCOUNT} of this AWS account can act today")).to_be_visible(
        timeout=PATIENCE
    )
    typed = page.locator("#line-typed")
    expect(typed).to_be_visible()
    expect(ria.button("Seal it")).to_be_enabled(timeout=PATIENCE)
    for said in ("", "y", "no"):
        typed.fill(said)
        ria.button("Seal it").click()
        expect(typed).to_be_focused()
    ria.ticks(re.compile("^type one"))
    ria.types(re.compile("^The root password"), "a new password of 4 kinds, set at AWS")
    ria.types("Once more", "a new password of 4 kinds, set at AWS")
    if page.locator("#compare").is_visible():
        ria.ticks("Yes, both read these same words")
    typed.fill("Yes")
    ria.acts("Seal it")
    expect(page.locator("#confirmers")).to_be_visible(timeout=PATIENCE)
    shown = served.stage.player(REQUESTER).act("accounts", "show", LINE)
    assert shown["envelope_version"] == 1
