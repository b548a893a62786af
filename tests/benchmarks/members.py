"""People who sit at browsers: each has a phrase, and a passkey made by the page itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext, Page

from crypto.encoding import b64decode, b64encode, hex_digest
from crypto.keyslot import wrap_root
from crypto.phrase import ITERATIONS, generate_phrase, phrase_keys
from crypto.randomness import random_uuid
from service.domain.sessions import SessionKind
from service.usecases import sessions, slots
from service.wire.people import EmailOnly, SlotChange
from tests.benchmarks.organisation import signed_in
from tests.benchmarks.served import COOKIE
from tests.browser.authenticators import WITH_PRF, Authenticator
from tests.cast import email
from tests.usecases.bodies import wire
from tests.usecases.world import World

PATIENCE = 60_000.0  # milliseconds that anything may take
_ADD_PASSKEY = """async ([folder, phrase]) => {
  const { withIdentity } = await import(`${folder}/js/keys/unlock.js`);
  const { addPasskey } = await import(`${folder}/js/acts/slots.js`);
  const { passkey } = await withIdentity({ kind: "phrase", phrase }, addPasskey);
  if (passkey !== "unlocks") throw new Error(passkey);
}"""
_ASK = """async ([folder, accounts]) => {
  const { withIdentity } = await import(`${folder}/js/keys/unlock.js`);
  const { ask, prepareAsk } = await import(`${folder}/js/acts/asking.js`);
  const wish = { task: "billing", taskText: "", reason: "the invoice run is stuck", ticket: "" };
  return withIdentity({ kind: "passkey" }, async (identity) => {
    const asked = [];
    for (const account of accounts) {
      const prepared = await prepareAsk(account);
      asked.push((await ask({ ...wish, account: prepared.account }, identity)).request);
    }
    return asked;
  });
}"""


def give_phrase(world: World, name: str) -> str:
    """Add a recovery phrase to somebody's keys; returns it."""
    asked = EmailOnly(email=email(name))
    salt = b64decode(sessions.parameters(world.ctx, asked).salt)
    words, slot = generate_phrase(), random_uuid()
    keys = phrase_keys(words, salt, ITERATIONS)
    wrapped = wrap_root(keys.slot_key, world.who(name).identity.root, world.id(name), slot)
    statement = world.sign(
        name,
        "slot",
        person=world.id(name),
        slot=slot,
        action="add",
        slot_kind="phrase",
        credential="",
        wrapped_root_digest=hex_digest(wrapped),
    )
    change = SlotChange(
        statement=wire(statement),
        wrapped_root=b64encode(wrapped),
        salt=b64encode(salt),
        iterations=600_000,
        sign_in_digest=hex_digest(keys.sign_in_key.reveal()),
    )
    slots.change(world.ctx, world.caller(name), change)
    return " ".join(words)


@dataclass(frozen=True)
class Member:
    """One person in a context of their own, with one page and one authenticator."""

    name: str
    phrase: str
    context: BrowserContext
    page: Page

    @classmethod
    def sits_down(cls, browser: Browser, url: str, world: World, name: str, script: str) -> Self:
        """Sign in, and make a passkey at the page; ``script`` runs before each page's own."""
        phrase = give_phrase(world, name)
        context = signed_in_context(browser, url, world, name)
        context.add_init_script(script)
        page = context.new_page()
        Authenticator(context, page, WITH_PRF)
        page.goto("/")
        page.evaluate(_ADD_PASSKEY, [folder_of(page), phrase])
        return cls(name, phrase, context, page)

    def asks(self, accounts: Sequence[str]) -> Mapping[str, str]:
        """Ask for these accounts; returns their requests."""
        self.page.goto("/")
        asked = self.page.evaluate(_ASK, [folder_of(self.page), list(accounts)])
        return dict(zip(accounts, asked, strict=True))


def signed_in_context(
    browser: Browser, url: str, world: World, name: str, **options: Any
) -> BrowserContext:
    """A browser that has never seen the service, but for the cookie of a session."""
    context = browser.new_context(base_url=url, locale="en-GB", **options)
    context.set_default_timeout(PATIENCE)
    token = signed_in(world.ctx, world.id(name), SessionKind.COOKIE)
    context.add_cookies(
        [{"name": COOKIE, "value": token, "url": url, "httpOnly": True, "sameSite": "Strict"}]
    )
    return context


def folder_of(page: Page) -> str:
    """Where this release's files are."""
    href = page.locator('link[rel="stylesheet"]').get_attribute("href") or ""
    return href.removesuffix("/css/base.css")
