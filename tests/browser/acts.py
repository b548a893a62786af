"""What people do at the pages, each act from opening its page to reading what came of it."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from playwright.sync_api import Locator, expect

from crypto.spoken import roster_words
from service.ops.organisation import email
from tests.browser.person import PATIENCE, PersonInBrowser

REQUEST = re.compile(r"/requests/([0-9a-f-]{36})")


# ---------------------------------------------------------------- people


def enrol(
    person: PersonInBrowser,
    link: str,
    *,
    passkey: bool = True,
    watching: Callable[[str], None] = lambda _: None,
) -> None:
    """Follow a link: passkey, phrase on paper, phrase typed back.

    ``watching`` is told of the steps ``phrase``, ``back`` and ``done`` when the page shows them.
    """
    person.opens("about:blank")  # a link that differs in its fragment alone would load nothing
    person.opens(link)
    person.presses("Yes, that is me")
    person.presses("Make a passkey" if passkey else "Go on without")
    written = person.page.locator("#words > li")
    expect(written).to_have_count(11, timeout=PATIENCE)
    person.phrase = " ".join(plain(text) for text in written.all_inner_texts())
    watching("phrase")
    person.presses("I have it on paper")
    watching("back")
    person.types("All eleven words", person.phrase.upper())
    person.presses(re.compile("^Enrol$"))
    told = person.page.locator("#fingerprint > li")
    expect(told).to_have_count(8, timeout=PATIENCE)
    watching("done")
    person.words = tuple(plain(text) for text in told.all_inner_texts())
    person.by_phrase = not passkey


def plain(text: str) -> str:
    """A word of a numbered list, whether or not its number is part of the text."""
    return re.sub(r"[^a-z]", "", text.lower())


def sign_in_with_passkey(person: PersonInBrowser) -> None:
    """Sign in without saying who one is."""
    person.opens("/sign-in")
    person.presses("Sign in with a passkey")
    person.page.wait_for_url(f"{person.url}/")


def sign_in_with_phrase(person: PersonInBrowser, onward: str = "/") -> None:
    """Sign in by address and phrase, and go on to where one wanted to go."""
    person.opens(onward)
    person.page.wait_for_url("**/sign-in?**")
    person.types("E-mail address", person.email)
    person.types(re.compile("^Recovery phrase"), person.phrase)
    person.presses("Sign in with the phrase")
    person.by_phrase = True
    person.page.wait_for_url(f"{person.url}{onward}")


def invite(operator: PersonInBrowser, name: str, role: str = "") -> str:
    """Make a link for somebody; returns it."""
    operator.opens("/operate")
    operator.types(re.compile("^Name"), name)
    operator.types(re.compile("^E-mail address"), email(name))
    if role:
        operator.ticks(re.compile(f"^{role}"))
    operator.presses("Make a link")
    link = operator.page.locator("#link")
    expect(link).to_contain_text("#", timeout=PATIENCE)
    return link.inner_text()


def add_passkey(person: PersonInBrowser, *, unlocks: bool = True) -> None:
    """Make a passkey under one's own name."""
    person.opens("/me")
    person.acts("Add a passkey")
    person.told("unlocks your keys" if unlocks else "does not unlock")
    person.by_phrase = not unlocks


# ---------------------------------------------------------------- account, roster, envelope


def register_account(operator: PersonInBrowser, account: str) -> None:
    """Register an account."""
    operator.opens("/operate")
    operator.types(re.compile("^AWS account id"), account)
    operator.presses("Register an account")
    operator.told(re.compile("register", re.IGNORECASE))


class Wishes(NamedTuple):
    """Who shall count: names of people."""

    password: tuple[str, ...]
    mfa: tuple[str, ...]
    requesters: tuple[str, ...]
    sealers: tuple[str, ...]


def draft_roster(operator: PersonInBrowser, account: str, wishes: Wishes) -> None:
    """Draft a roster of two groups, two of each needed."""
    operator.opens(f"/accounts/{account}/draft")
    operator.types("The account's name", "payments")
    operator.types("The root user's e-mail address", "root@example.test")
    operator.chooses("What kind of account", "standalone")
    for group, names in (("password", wishes.password), ("mfa", wishes.mfa)):
        for name in names:
            operator.chooses(f"Custodian: {name}", group)
    for may, names in (("may ask", wishes.requesters), ("may seal", wishes.sealers)):
        for name in names:
            operator.page.get_by_role("checkbox", name=re.compile(f"^{may}\\s*: {name}$")).check()
    for group in ("password", "mfa"):
        operator.page.locator(f"#{group}_threshold").fill("2")
    operator.presses("Draft this roster")
    operator.told(re.compile("draft", re.IGNORECASE))


def sign_roster(
    person: PersonInBrowser, account: str, heard: Mapping[str, Iterable[str]], digest: str
) -> None:
    """Compare words by voice, and sign the draft of this digest.

    ``heard`` has the eight words of everybody, as they read them out.
    """
    person.opens(f"/accounts/{account}/roster")
    expect(person.page.locator("#checking")).to_be_hidden(timeout=PATIENCE)
    compare = person.page.locator("#compare")
    if compare.is_visible():
        shown = person.page.locator("#compare-words > li").all_inner_texts()
        assert [plain(word) for word in shown] == list(roster_words(digest))
        person.ticks("Yes, both read these same words")
    for block in person.page.locator("#people > form").all():
        hear(block, heard)
    person.acts("Sign this roster")
    person.told(re.compile("^Signed|in force"))


def hear(block: Locator, heard: Mapping[str, Iterable[str]]) -> None:
    """Type the four words that are asked for of one person, as that person reads them out."""
    name = block.get_by_role("heading").inner_text().split()[0]
    words = list(heard[name])
    for place, word in enumerate(words, 1):
        field = block.get_by_label(f"Word {place}", exact=True)
        if field.count():
            field.fill(word)
    block.get_by_role("button", name=f"These are {name}'s words").click()
    expect(block.locator("ol > li")).to_have_text(words, timeout=PATIENCE)


def seal(person: PersonInBrowser, account: str, password: str) -> None:
    """Seal a password that was set at AWS already."""
    person.opens(f"/accounts/{account}/seal")
    person.ticks(re.compile("^type one"))
    person.types(re.compile("^The root password"), password)
    person.types("Once more", password)
    # What the page asks stands there once it has verified the roster, not before.
    expect(person.button("Seal it")).to_be_enabled(timeout=PATIENCE)
    if person.page.locator("#compare").is_visible():
        person.ticks("Yes, both read these same words")
    person.acts("Seal it")
    expect(person.page.locator("#confirmers")).to_be_visible(timeout=PATIENCE)


def confirm(person: PersonInBrowser, account: str) -> None:
    """Sign that one's share opens."""
    person.opens(f"/accounts/{account}/confirm")
    person.acts("Open it and confirm")
    person.told(re.compile("confirm|opens", re.IGNORECASE))


# ---------------------------------------------------------------- a request


def ask(person: PersonInBrowser, account: str, reason: str) -> str:
    """Ask to be root; returns the request's id."""
    person.opens(f"/accounts/{account}/ask")
    person.chooses("What is to be done", "billing")
    person.types(re.compile("^Why"), reason)
    person.acts("Ask both groups")
    person.page.wait_for_url(REQUEST)
    found = REQUEST.search(person.page.url)
    assert found is not None
    return found[1]


def approve(person: PersonInBrowser, request: str) -> None:
    """Read what was signed, and approve."""
    person.opens(f"/requests/{request}")
    person.acts(re.compile("^Approve"))
    person.told(re.compile("approved", re.IGNORECASE))


def deny(person: PersonInBrowser, request: str, reason: str) -> None:
    """Deny, with a reason."""
    person.opens(f"/requests/{request}")
    person.presses(re.compile("^Deny"))
    dialog = person.page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(reason)
    dialog.get_by_role("button", name="Deny").click()
    if person.by_phrase:
        person.types_phrase_in_dialog()
    person.told(re.compile("denied", re.IGNORECASE))


def release(person: PersonInBrowser, request: str) -> None:
    """Take what the quorum has released; the password is there and hidden."""
    person.opens(f"/requests/{request}/release")
    person.acts("Release and open")
    expect(person.button("Show for 30 s")).to_be_visible(timeout=PATIENCE)


def reveal(person: PersonInBrowser) -> str:
    """Show the password; returns what can be read."""
    secret = person.page.locator("#password")
    before = secret.inner_text()
    person.presses("Show for 30 s")
    expect(secret).not_to_have_text(before, timeout=PATIENCE)
    return secret.inner_text()


def close(person: PersonInBrowser, request: str, summary: str) -> None:
    """Say what was done."""
    person.opens(f"/requests/{request}/close")
    person.types("What was done", summary)
    person.acts("Sign this and end the release")
    expect(person.page.get_by_text("It was seen, so it changes")).to_be_visible(timeout=PATIENCE)


def review(person: PersonInBrowser, request: str) -> None:
    """Look at it for one's group."""
    person.opens(f"/requests/{request}/review")
    person.ticks(re.compile("^It was changed, and"))
    person.types("What happened", "looked at CloudTrail: nothing else")
    person.acts("Sign this review")
    person.told(re.compile("review", re.IGNORECASE))
