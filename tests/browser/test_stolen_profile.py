"""A stolen browser: what it stores of a request opens nothing without the phrase or the passkey.

All that the database and the local storage hold is searched, as the hunt does, for every key that
the pages ever had in their hands, for the phrase and for the password.
"""

import json
from typing import Any

from playwright.sync_api import expect

from service.ops.organisation import REQUESTER
from tests.browser import acts
from tests.browser.conftest import Served
from tests.browser.person import PATIENCE, PersonInBrowser
from tests.hunt.needles import Searcher

_DUMP = """
async () => {
  const hex = (data) => Array.from(data, (one) => one.toString(16).padStart(2, "0")).join("");
  const keys = [];
  const plain = async (value) => {
    if (value instanceof CryptoKey) {
      const formats = ["raw", "pkcs8", "jwk"];
      const tried = formats.map((format) =>
        crypto.subtle.exportKey(format, value).then(() => true, () => false));
      const exported = (await Promise.all(tried)).some(Boolean);
      keys.push({ type: value.type, name: value.algorithm.name, exported });
      return "a key";
    }
    if (ArrayBuffer.isView(value)) {
      return hex(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    }
    if (value instanceof ArrayBuffer) return hex(new Uint8Array(value));
    if (Array.isArray(value)) return Promise.all(value.map(plain));
    if (value === null || typeof value !== "object") return value;
    const entries = Object.entries(value).map(async ([name, one]) => [name, await plain(one)]);
    return Object.fromEntries(await Promise.all(entries));
  };
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const stores = {};
  for (const { name } of await indexedDB.databases()) {
    const database = await asked(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const place = () => database.transaction(store).objectStore(store);
      const found = [await asked(place().getAllKeys()), await asked(place().getAll())];
      stores[store] = await plain(found);
    }
    database.close();
  }
  return { keys, stores, local: { ...localStorage }, session: { ...sessionStorage } };
}
"""


def dump(person: PersonInBrowser) -> dict[str, Any]:
    """All that this browser stores for the page's origin, binary as hexadecimal."""
    found: dict[str, Any] = person.page.evaluate(_DUMP)
    return found


def searched(served: Served, person: PersonInBrowser) -> dict[str, Any]:
    """Search the store; nothing may be there, and the canary has to be."""
    stored = dump(person)
    secrets: dict[str, bytes | str] = {
        **person.harvest.found,
        "phrase": person.phrase,
        "password": served.founded.password,
    }
    [statement] = stored["stores"]["requests"][1]
    canary = json.loads(bytes.fromhex(statement))["payload"]
    searcher = Searcher({**secrets, "canary": canary})
    # As text for what is text, and as bytes for what was binary.
    text = json.dumps(stored, ensure_ascii=False)
    found = {one.secret for one in searcher.look(text.encode())}
    found |= {one.secret for one in searcher.look(bytes.fromhex(statement))}
    assert found == {"canary"}
    assert any("X25519" in name for name in person.harvest.found)
    return stored


def test_at_every_stage_of_a_request_the_browser_stores_nothing_that_opens(
    served: Served,
) -> None:
    ria = served.member(REQUESTER)
    request = acts.ask(ria, served.account, "the invoice run is stuck")
    stored = searched(served, ria)
    [key] = stored["keys"]
    assert key == {"type": "secret", "name": "AES-GCM", "exported": False}
    for name in ("pia", "per", "mia", "max"):
        served.stage.player(name).act("approve", request, "--yes")
    searched(served, ria)
    acts.release(ria, request)
    searched(served, ria)
    assert acts.reveal(ria) == served.founded.password
    stored = searched(served, ria)
    assert len(stored["stores"]["released"][1]) == 1  # what was fetched is there, and opens nothing
    assert stored["keys"] == [key]
    opens_alone(served, ria, request)


def opens_alone(served: Served, person: PersonInBrowser, request: str) -> None:
    """While the service answers nothing, the page opens what was fetched: one unlocking."""
    person.opens(f"/requests/{request}/release")
    expect(person.button("Open on this device")).to_be_enabled()
    person.page.wait_for_load_state("networkidle")
    person.page.context.set_offline(True)
    person.acts("Open on this device")
    expect(person.button("Show for 30 s")).to_be_visible(timeout=PATIENCE)
    expect(person.page.get_by_text("The service does not answer: these are")).to_be_visible()
    assert acts.reveal(person) == served.founded.password
    person.page.context.set_offline(False)
