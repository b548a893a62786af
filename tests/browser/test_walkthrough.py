"""The whole path in browsers alone, and the secret hunt over it.

One context for each person, from the first link to the closed request, with every byte between
browsers and server recorded. Whatever the pages gave to WebCrypto and every secret that the
people's phrases open is searched for in the server's memory, files, traffic and notices.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from crypto.passwords import generate
from crypto.randomness import random_bytes
from service.ops.organisation import ACCOUNT, email
from service.ops.stage import Stage
from tests.browser import acts
from tests.browser.conftest import Room, room_at
from tests.browser.looks import api
from tests.browser.person import PersonInBrowser
from tests.hunt.conftest import reads_memory
from tests.hunt.hunting import DATABASE, MEMORY, TRAFFIC, hunt, with_canaries
from tests.hunt.recorder import Recorder, recording
from tests.hunt.treasure import Secrets, Treasury
from tests.ops.installation import free_port

__all__ = ["reads_memory"]

PASSWORD = ("pia", "per")
MFA = ("mia", "max")
CUSTODIANS = (*PASSWORD, *MFA)
REQUESTER = "ria"
SEEN = "canary reason"


@contextmanager
def recorded_stage(folder: Path) -> Iterator[tuple[Stage, Recorder]]:
    """A new service with a recorder before it, not started."""
    port = free_port()
    with recording(port) as recorder:
        url = f"http://localhost:{recorder.port}"
        stage = Stage(root=folder, port=port, settings={"BREAKGLASS_URL": url})
        try:
            yield stage, recorder
        finally:
            stage.stop()


def first_link(stage: Stage) -> str:
    """The link that the shell makes for the first operator."""
    answer = stage.ops("init", "--email", email("olga"), "--name", "olga")
    assert answer.code == 0, answer.stderr
    said = f"{answer.data}\n{answer.stderr}"
    return said[said.index("http") :].split(maxsplit=1)[0].strip("'")


class Walk:
    """The acts, and the passwords that were sealed."""

    def __init__(self, stage: Stage, room: Room) -> None:
        self.stage = stage
        self.room = room
        self.passwords: list[str] = []
        self.public: set[bytes] = set()  # a roster's digest, which its words are stretched from
        self.reason = f"the invoice run is stuck {random_bytes(16).hex()}"

    def enrol(self, name: str, link: str) -> PersonInBrowser:
        """Somebody enrols at their own browser and keeps the phrase at home."""
        person = self.room.seat(name)
        acts.enrol(person, link)
        person.writes_down(self.stage.player(name).phrase_file)
        return person

    def found(self) -> None:
        """From the first link to a password in force."""
        link = first_link(self.stage)
        self.stage.start()
        olga = self.enrol("olga", link)
        for name in (*CUSTODIANS, REQUESTER):
            self.enrol(name, acts.invite(olga, name))
        acts.register_account(olga, ACCOUNT)
        wishes = acts.Wishes(PASSWORD, MFA, (REQUESTER,), (REQUESTER,))
        acts.draft_roster(olga, ACCOUNT, wishes)
        digest = api(olga, f"/accounts/{ACCOUNT}/rosters")["draft"]["digest"]
        self.public.add(bytes.fromhex(digest))
        heard = {name: person.words for name, person in self.room.present.items()}
        for name in (*CUSTODIANS, REQUESTER):
            acts.sign_roster(self.room[name], ACCOUNT, heard, digest)
        self.seal()

    def seal(self) -> None:
        """A new password, and everybody's word that their share opens."""
        self.passwords.append(generate())
        acts.seal(self.room[REQUESTER], ACCOUNT, self.passwords[-1])
        for name in CUSTODIANS:
            acts.confirm(self.room[name], ACCOUNT)

    def open(self) -> str:
        """Asked, approved, released and revealed; returns the request."""
        ria = self.room[REQUESTER]
        request = acts.ask(ria, ACCOUNT, self.reason)
        for name in CUSTODIANS:
            acts.approve(self.room[name], request)
        acts.release(ria, request)
        assert acts.reveal(ria) == self.passwords[-1]
        return request

    def end(self, request: str) -> None:
        """Closed, changed, looked at."""
        acts.close(self.room[REQUESTER], request, "mended the invoice run")
        self.seal()
        for name in (PASSWORD[0], MFA[0]):
            acts.review(self.room[name], request)
        assert api(self.room[REQUESTER], f"/requests/{request}")["state"] == "closed"

    def secrets(self) -> Secrets:
        """All that nobody but its owner may hold."""
        found = dict(Treasury(self.stage).secrets())
        assert set(self.passwords) <= set(found.values())
        for person in self.room.present.values():
            # The hunt knows this page's keys: what the phrase opens is what the page had in hand.
            assert found[f"{person.name}'s root"] in person.harvest.found.values()
            keys = person.harvest.found.items()
            found |= {name: key for name, key in keys if key not in self.public}
        return found


@pytest.mark.slow
def test_the_whole_path_in_browsers_leaves_no_secret_with_the_service(
    tmp_path: Path, browser: Browser, reads_memory: bool
) -> None:
    with recorded_stage(tmp_path) as (stage, recorder), room_at(browser, "") as room:
        room.url = stage.url
        walk = Walk(stage, room)
        walk.found()
        request = walk.open()
        searched(walk, recorder, reads_memory=reads_memory)
        walk.end(request)
        searched(walk, recorder, reads_memory=reads_memory)


def searched(walk: Walk, recorder: Recorder, *, reads_memory: bool) -> None:
    """Nothing is anywhere, and what the requester typed is where it belongs."""
    secrets = with_canaries(walk.secrets(), {"reason": walk.reason})
    bag = hunt(walk.stage, secrets, recorder=recorder, reads_memory=reads_memory)
    assert bag.loot() == []
    assert {SEEN} <= bag.canaries(DATABASE)
    assert {SEEN} <= bag.canaries(TRAFFIC)
    if reads_memory:
        assert {SEEN} <= bag.canaries(MEMORY)
    assert not sessions_at_rest(walk)


def sessions_at_rest(walk: Walk) -> list[str]:
    """Whose session was written down; the service keeps a digest of each and nothing more."""
    cookies = {
        f"{person.name}'s session": str(cookie["value"])
        for person in walk.room.present.values()
        for cookie in person.context.cookies()
    }
    assert len(cookies) == len(walk.room.present)
    bag = hunt(walk.stage, cookies, reads_memory=False)
    return bag.loot()
