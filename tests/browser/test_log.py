"""The pages of the log: what a browser verifies of it, and what it says when it cannot."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from crypto.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from crypto.note import NoteSigner
from crypto.proof import parse_receipt
from crypto.secret import SecretBytes
from service.ops.organisation import AUDITOR
from tests.browser.conftest import Served, room_at
from tests.browser.looks import Album
from tests.browser.person import PATIENCE, PersonInBrowser
from tests.browser.test_alarm import Answer, alarmed, lie
from tests.client.witness.witnessed import NAME, serving
from tests.notices.founded import Founded

ENTRY = 7
PROOF = re.compile(rf"/api/v1/events/{ENTRY}/proof$")
LEAF = re.compile(r"/api/v1/leaves\?")
WITNESSES = re.compile(r"/api/v1/witnesses$")


def key_of(served: Served) -> NoteSigner:
    """The log's own key: whoever holds it can sign anything."""
    return NoteSigner.from_private_key(
        SecretBytes((served.stage.state_dir / "log.key").read_bytes())
    )


def changed(page: Page, path: re.Pattern[str], change: Callable[[Answer], Answer]) -> None:
    """From now on the service answers this otherwise."""

    def answer(route: Route) -> None:
        headers = {**route.request.all_headers(), "sec-fetch-site": "same-origin"}
        honest = route.fetch(headers=headers)
        route.fulfill(response=honest, body=json.dumps(change(honest.json())))

    page.route(path, answer)


def found(person: PersonInBrowser, words: str | re.Pattern[str], place: str = "#finding") -> str:
    """Wait until the page has found this."""
    finding = person.page.locator(place)
    expect(finding).to_contain_text(words, timeout=PATIENCE)
    return finding.inner_text()


@contextmanager
def witnessed_stage(organisation: Founded, folder: Path, browser: Browser) -> Iterator[Served]:
    """The organisation, and a real witness that its worker asks."""
    stage = organisation.copy(folder / "stage", {})
    key = NoteSigner.from_private_key(SecretBytes((stage.state_dir / "log.key").read_bytes()))
    with serving(folder / "witness", [key.verifier], datetime.now(UTC)) as (server, memory):
        line = f"{memory.key.verifier.vkey} http://127.0.0.1:{server.port}\n"
        (stage.state_dir / "witnesses.txt").write_text(line, encoding="ascii")
        try:
            stage.start()
            with room_at(browser, stage.url) as room:
                yield Served(stage, room, organisation)
        finally:
            stage.stop()


@pytest.fixture
def witnessed(organisation: Founded, tmp_path: Path, browser: Browser) -> Iterator[Served]:
    with witnessed_stage(organisation, tmp_path, browser) as served:
        yield served


def saved(person: PersonInBrowser, name: str) -> bytes:
    """Press what saves something, and read the file."""
    with person.page.expect_download() as download:
        person.presses(name)
    return Path(download.value.path()).read_bytes()


def test_an_entry_is_verified_where_it_is_read(served: Served) -> None:
    aud = served.member(AUDITOR)
    aud.opens("/history")
    expect(aud.page.locator("#checked")).to_contain_text(re.compile(r"^log verified to entry \d+$"))
    aud.opens(f"/history?before={ENTRY + 1}")
    aud.page.get_by_role("link", name=f"entry {ENTRY}, with its proof").click()
    said = found(aud, "Verified on this device")
    size = re.fullmatch(
        rf"Verified on this device: entry {ENTRY} stands in the log of (\d+) entries that the "
        "service has signed.",
        said,
    )
    assert size is not None
    aud.page.get_by_text("The proof of its place").click()
    receipt = parse_receipt(saved(aud, "Save the proof").decode())
    leaf = saved(aud, "Save the entry")
    head = receipt.verify(leaf, key_of(served).verifier)
    assert (receipt.index, head.size) == (ENTRY, int(size[1]))
    shown = aud.page.locator("#hashes li").all_inner_texts()
    assert len(shown) == len(receipt.hashes)
    assert aud.page.locator("#bytes").text_content() == leaf.decode()
    aud.page.get_by_role("link", name=f"Entry {ENTRY - 1}").click()
    found(aud, f"entry {ENTRY - 1} stands in the log")


def another_leaf(answer: Answer) -> Answer:
    return {**answer, "leaves": [answer["leaves"][0][:-8] + "AAAAAAA="]}


@pytest.mark.parametrize(
    ("path", "change"),
    [
        (PROOF, lambda answer: {"proof": answer["proof"].replace("index 7", "index 6")}),
        (LEAF, another_leaf),
    ],
)
def test_an_entry_that_is_not_what_was_signed_is_an_alarm(
    served: Served, path: re.Pattern[str], change: Callable[[Answer], Answer]
) -> None:
    aud = served.member(AUDITOR)
    changed(aud.page, path, change)
    aud.opens(f"/history/{ENTRY}")
    alarmed(aud, "log-receipt-forged")
    found(aud, "was not verified")


def test_what_was_kept_is_the_beginning_of_the_log(served: Served) -> None:
    aud = served.member(AUDITOR)
    aud.opens("/history/log")
    found(aud, "On this device: log verified to entry")
    note = saved(aud, "Save").decode()
    kept = open_checkpoint(note, key_of(served).verifier)
    served.member("mia")  # her sign-in is an entry
    compare(aud, note)
    said = found(aud, "Your kept checkpoint", "#compared")
    assert re.fullmatch(
        f"Your kept checkpoint of {kept.size} entries is the beginning of this log: nothing before "
        r"it was changed, and \d+ (entry|entries) came after it\.",
        said,
    )
    aud.page.get_by_text("The proof of that").click()
    assert aud.page.locator("#hashes li").count() >= 1
    notices = (served.stage.state_dir / "notices.jsonl").read_text(encoding="utf-8").splitlines()
    compare(aud, json.loads(notices[-1])["body"].replace("\n", "\r\n> "))
    found(aud, "is the beginning of this log", "#compared")


def compare(person: PersonInBrowser, text: str) -> None:
    person.page.locator("#kept").fill(text)
    person.presses("Compare")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello, is this the log?", "There is no checkpoint in this text"),
        ("", "There is no checkpoint in this text"),
        ("<img src=x onerror=alert(1)>\n\u2014 x y", "is not of the log localhost/log"),
        ("localhost/log\n7\nAAAA\n\n\u2014 localhost/log AAAA\n", "not what its key has signed"),
    ],
)
def test_what_is_no_checkpoint_is_told_in_plain_words(
    served: Served, text: str, words: str
) -> None:
    aud = served.member(AUDITOR)
    aud.opens("/history/log")
    found(aud, "On this device: log verified")
    compare(aud, text)
    assert "proves nothing, for or against" in found(aud, words, "#kept-error")
    expect(aud.page.get_by_role("alertdialog")).to_have_count(0)
    expect(aud.page.locator("#compared")).to_be_empty()


@pytest.mark.parametrize(("more", "code"), [(-3, "log-forked"), (5000, "log-rewound")])
def test_what_was_kept_of_another_history_is_an_alarm(served: Served, more: int, code: str) -> None:
    aud = served.member(AUDITOR)
    aud.opens("/history/log")
    found(aud, "On this device: log verified")
    key = key_of(served)
    shown = open_checkpoint(aud.page.locator("#note").text_content() or "", key.verifier)
    other = Checkpoint(origin=shown.origin, size=shown.size + more, root=bytes(range(32)))
    compare(aud, sign_checkpoint(other, key))
    assert "the checkpoint that you kept" in alarmed(aud, code)


def test_a_log_that_was_rewritten_is_an_alarm_on_its_own_page(served: Served) -> None:
    aud = served.member(AUDITOR)
    aud.opens("/history/log")
    found(aud, "On this device: log verified")
    served.member("mia")
    lie(aud.page, lambda answer: {**answer, "consistency": []})
    aud.opens("/history/log")
    alarmed(aud, "log-forked")
    found(aud, "was not verified")
    expect(aud.page.locator("#compare")).to_be_disabled()


def test_a_witness_counts_when_this_browser_has_verified_it(witnessed: Served) -> None:
    aud = witnessed.member(AUDITOR)
    aud.opens("/history")
    tag = aud.page.locator("#checked")
    expect(tag).to_contain_text(re.compile(r"· (1 witness named by the service|no witness has)"))
    eventually_cosigned(aud)
    aud.opens(f"/history/{ENTRY}")
    found(aud, f"the witness {NAME} (named by the service) has cosigned")
    aud.opens("/history/log")
    found(aud, "1 witness named by the service")
    found(aud, re.compile(r"cosigned the first \d+ entries at .* verified here"), "[data-word]")
    key = aud.page.locator("[data-witness]").get_attribute("data-witness") or ""
    for given, words in (
        ("x", "no verifier key of a witness"),
        (key.replace("w1", "w2"), "no verifier"),
    ):
        aud.types("from whoever runs it", given)
        aud.presses("Compare the key")
        found(aud, words, "#witness-error")
    aud.types("from whoever runs it", f" {key} ")
    aud.presses("Compare the key")
    aud.told(f"The key of {NAME} is the one in your notes")
    found(aud, "its key was compared here", "[data-word]")
    album = Album()
    album.look(aud, "log-witnessed")
    assert album.faults == []
    aud.opens("/history")
    expect(tag).to_contain_text(re.compile(r"· 1 witness( to entry \d+)?$"))


def eventually_cosigned(person: PersonInBrowser) -> None:
    """The worker asks a second or two after the log has grown."""
    for _ in range(40):
        person.opens("/history")
        tag = person.page.locator("#checked")
        expect(tag).to_contain_text("log verified", timeout=PATIENCE)
        if "1 witness" in tag.inner_text():
            return
        person.page.wait_for_timeout(250)
    pytest.fail("no witness has cosigned")


def test_a_witness_that_was_compared_and_is_left_out_is_missed(witnessed: Served) -> None:
    aud = witnessed.member(AUDITOR)
    eventually_cosigned(aud)
    aud.opens("/history/log")
    found(aud, "On this device: log verified")
    key = aud.page.locator("[data-witness]").get_attribute("data-witness") or ""
    aud.types("from whoever runs it", key)
    aud.presses("Compare the key")
    aud.told("is the one in your notes")
    changed(aud.page, WITNESSES, lambda _: {"witnesses": []})
    aud.opens("/history")
    expect(aud.page.locator("#checked")).to_contain_text(
        f"{NAME}, compared here, is not named any more"
    )
    aud.opens("/history/log")
    found(aud, "the service names it no more", "#missing")
    aud.presses("Forget it here")
    aud.told("has forgotten the witness")
    expect(aud.page.locator("#missing")).to_be_empty()


def silent(answer: Answer) -> Answer:
    [one] = answer["witnesses"]
    return {"witnesses": [{**one, "state": "silent", "since": "2026-11-23T09:00:00Z"}]}


def forged(answer: Answer) -> Answer:
    [one] = answer["witnesses"]
    head, line = one["note"].rsplit("\u2014", 1)
    twisted = line[:-20] + ("A" if line[-20] != "A" else "B") + line[-19:]
    return {"witnesses": [{**one, "note": f"{head}\u2014{twisted}"}]}


def test_a_silent_witness_is_named_and_a_forged_cosignature_is_an_alarm(witnessed: Served) -> None:
    aud = witnessed.member(AUDITOR)
    eventually_cosigned(aud)
    changed(aud.page, WITNESSES, silent)
    aud.opens("/history")
    expect(aud.page.locator("#checked")).to_contain_text(f"· {NAME} is silent")
    aud.page.unroute(WITNESSES)
    changed(aud.page, WITNESSES, forged)
    aud.opens("/history")
    alarmed(aud, "cosignature-forged")
