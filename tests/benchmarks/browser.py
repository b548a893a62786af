"""Acts at a page, from the tap to what was waited for, beside bare primitives in the same browser.

Ours is the page as it is: its ceremony, its calls, its checks, its loading anew. The bare side runs
in a page of the bare application in the same Chromium: the same ceremony on the same kind of
authenticator, WebCrypto called directly with the same sizes, and the five calls that the protocol
demands, of which two verify a signature and commit a row. See ``bare/acts.js``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from playwright.sync_api import Browser, Page, expect, sync_playwright

from crypto.randomness import random_bytes
from service import clock
from service.config import Settings
from service.usecases import requests as stored
from service.usecases.signing import received
from tests.benchmarks import first_load
from tests.benchmarks.figures import WARM, Figure, Row, row_of
from tests.benchmarks.members import PATIENCE, Member, signed_in_context
from tests.benchmarks.organisation import environment, found, sealed
from tests.benchmarks.served import SERVE, bare_arguments, running
from tests.browser import programs
from tests.browser.authenticators import WITH_PRF, Authenticator
from tests.ops.installation import free_port
from tests.usecases.custody import SECRET
from tests.usecases.world import World

ROUNDS, PHRASE_ROUNDS = 15, 6
KEYID = "ab" * 32
HERE = Path(__file__).parent
# Roster 7, manifest, request, four decisions, release, the log's note and its receipt.
SIGNATURES = 16
SETTLING = 500.0  # milliseconds after an answer in which a page may load itself anew

Timed = Callable[[], float]  # done once, it says how long that took in the page


@dataclass
class Scene:
    """Everything that one act needs: who taps, the bare page, the requests that are waiting."""

    world: World
    requester: Member
    custodian: Member
    bare: Page
    requests: Mapping[str, str]


@dataclass(frozen=True)
class Taken:
    """Milliseconds from a tap to what was waited for; of these, for stretching a phrase."""

    whole: float
    stretched: float


def _opened(page: Page, path: str, button: str) -> None:
    page.bring_to_front()
    page.goto(path)
    expect(page.locator(button)).to_be_enabled(timeout=PATIENCE)
    page.wait_for_load_state("networkidle")


def _until(page: Page, wanted: str, tap: Callable[[], None]) -> Taken:
    page.evaluate("(wanted) => bench.expect(wanted)", wanted)
    with page.expect_console_message(lambda said: said.text.startswith("bench ")) as told:
        tap()
    page.wait_for_timeout(SETTLING)
    whole, stretched = told.value.text.split()[1:]
    return Taken(float(whole), float(stretched))


def tapped(page: Page, path: str, button: str, wanted: str) -> float:
    """Open a page and tap when it is at rest; milliseconds until ``wanted`` stands on it."""
    _opened(page, path, button)
    return _until(page, wanted, page.locator(button).click).whole


def by_phrase(member: Member, path: str) -> Taken:
    """Approve with the phrase: from the tap on "Unlock"."""
    page = member.page
    _opened(page, path, "#approve")
    page.get_by_role("button", name="Use my recovery phrase instead").click()
    page.locator("#approve").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("The words from your sheet").fill(member.phrase)
    return _until(page, "You approved", dialog.get_by_role("button", name="Unlock").click)


def bare(page: Page, act: str) -> float:
    """Milliseconds of one of the bare acts."""
    page.bring_to_front()
    taken: float = page.evaluate(f"() => bare.timed(() => bare.{act})")
    return taken


def _in_turn(name: str, kind: str, pairs: Iterable[tuple[Timed, Timed]]) -> Row:
    ours, other = [], []
    for number, (a, b) in enumerate(pairs):
        if number % 2:
            second, first = b(), a()
        else:
            first, second = a(), b()
        if number >= WARM:
            ours.append(first)
            other.append(second)
    return row_of(name, kind, ours, other)


def _approvals(scene: Scene, requests: Sequence[str]) -> Row:
    page = scene.custodian.page
    pairs = (
        (
            partial(tapped, page, f"/requests/{request}", "#approve", "You approved"),
            partial(bare, scene.bare, f"approve('{request}', true)"),
        )
        for request in requests
    )
    return _in_turn("approve by passkey, browser", "browser", pairs)


def _releases(scene: Scene, requests: Sequence[str]) -> Row:
    page = scene.requester.page
    pairs = (
        (
            partial(tapped, page, f"/requests/{request}/release", "#release", SECRET.password),
            partial(bare, scene.bare, f"release('{request}', true, {SIGNATURES})"),
        )
        for request in requests
    )
    return _in_turn("reveal by passkey, browser", "browser", pairs)


def _bare_by_phrase(page: Page, request: str) -> Taken:
    """A bare approval, and what the stretching that it was spared takes."""
    act = bare(page, f"approve('{request}', false)")
    stretched = bare(page, "stretch()")
    return Taken(act + stretched, stretched)


def _approvals_by_phrase(scene: Scene, requests: Sequence[str]) -> Iterator[Row]:
    """The stretching of the phrase is taken out of the act, and stands beside a bare one."""
    rest: tuple[list[float], list[float]] = ([], [])
    stretch: tuple[list[float], list[float]] = ([], [])
    for number, request in enumerate(requests):
        ours = partial(by_phrase, scene.custodian, f"/requests/{request}")
        other = partial(_bare_by_phrase, scene.bare, request)
        if number % 2:
            second, first = other(), ours()
        else:
            first, second = ours(), other()
        for of, taken in enumerate((first, second)):
            rest[of].append(taken.whole - taken.stretched)
            stretch[of].append(taken.stretched)
    yield row_of("approve by phrase but PBKDF2, browser", "browser", *rest)
    yield row_of("PBKDF2 of that phrase, browser", "stretch", *stretch)


@contextmanager
def _service(folder: Path, accounts: int) -> Iterator[tuple[Settings, World, list[World]]]:
    """A service that is being served, and this process beside it at the same database."""
    port = free_port()
    with environment(folder / "service", port, "") as read, ExitStack() as life:
        first = found(read, clock.now)
        places = [sealed(first.ctx, clock.now, f"{n:012}") for n in range(1, accounts + 1)]
        log = folder / "service.log"
        life.enter_context(running(["-c", SERVE, "serve", "--no-worker"], port, log))
        yield read, first, places
        first.ctx.database.dispose()


def _signing_key(root: bytes) -> str:
    """The public key, in hexadecimal, of the seed that ``bare/acts.js`` derives from a root."""
    seed = HKDF(SHA256(), length=32, salt=bytes(32), info=bytes(32)).derive(root)
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()


@contextmanager
def _bare_page(folder: Path, browser: Browser) -> Iterator[Page]:
    port, root = free_port(), random_bytes(32)
    url = f"sqlite:///{folder / 'bare.db'}"
    with ExitStack() as life:
        arguments = bare_arguments(port, url, {KEYID: _signing_key(root)})
        life.enter_context(running(arguments, port, folder / "bare.log"))
        context = browser.new_context(base_url=f"http://localhost:{port}")
        page = context.new_page()
        Authenticator(context, page, WITH_PRF)
        page.goto("/pages/none")
        page.add_script_tag(path=HERE / "bare" / "acts.js")
        given = {"root": root.hex(), "keyid": KEYID}
        sizes = {"mnemonic": "academic " * 33, "content": [0] * 512}
        page.evaluate("(given) => bare.prepare(given)", given | sizes)
        yield page


def _remember(places: Sequence[World], asked: Mapping[str, str]) -> None:
    """Let those who approve without a browser know what was asked in one."""
    for place in places:
        request = asked[place.account]
        detail = stored.show(place.ctx, place.caller("gus"), request)
        place.asked[request] = received(detail.request.statement, "request")


def _play(scene: Scene, places: Sequence[World]) -> Iterator[Figure]:
    requests = [scene.requests[place.account] for place in places]
    phrase, passkey = requests[:PHRASE_ROUNDS], requests[PHRASE_ROUNDS:]
    yield _approvals(scene, passkey)
    yield from _approvals_by_phrase(scene, phrase)
    for place, request in zip(places, requests, strict=True):
        for name in ("bob", "dea", "eli"):
            place.approve(name, request)
    yield _releases(scene, passkey)


def rows(folder: Path) -> Iterator[Figure]:
    """The first load of a request's page; approvals; then their releases."""
    with (
        _service(folder, ROUNDS + WARM + PHRASE_ROUNDS) as (read, world, places),
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(
            executable_path=programs.chromium(), args=programs.switches()
        )
        script = (HERE / "tapping.js").read_text(encoding="utf-8")
        people = [
            Member.sits_down(chromium, read.url, world, name, script) for name in ("gus", "ann")
        ]
        asked = people[0].asks([place.account for place in places])
        _remember(places, asked)
        with signed_in_context(chromium, read.url, world, "ann") as fresh:
            yield from first_load.rows(fresh, f"/requests/{asked[places[0].account]}")
        with _bare_page(folder, chromium) as page:
            yield from _play(Scene(world, people[0], people[1], page, asked), places)
        chromium.close()
