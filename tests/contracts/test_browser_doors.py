"""Each door of the browser's modules holds, and is reported when somebody goes around it."""

import pytest

from service.wire.assets import SKELETON
from tests.contracts.browser_doors import (
    BROWSER,
    DOORS,
    ROOMS,
    Found,
    admits,
    arrows,
    faults,
    imports,
    modules,
    room,
)
from tests.contracts.circles import circle

# rule, the module that somebody edits, the line they add
FORBIDDEN = [
    ("crypto", "crypto/recipient", 'import "../link/errors.js";'),
    ("domain", "domain/quorum", 'import { get } from "../link/api.js";'),
    ("link", "link/api", 'import { hex } from "../crypto/encoding.js";'),
    ("words", "words/log", 'const later = () => import("../log/witnesses.js");'),
    ("words", "words/rosters", 'import { get } from "../link/api.js";'),
    ("frame", "frame/session", 'import { deny } from "../acts/deciding.js";'),
    ("frame", "frame/entrance", 'await import("../keys/unlock.js");'),
    ("frame/make", "pages/signIn", 'import { make } from "../frame/make.js";'),
    ("frame/make", "pages/enroll", 'export { make } from "../frame/make.js";'),
    ("frame/router", "pages/signIn", 'import { again } from "../frame/router.js";'),
    ("link/start", "pages/signIn", 'import { takeToken } from "../link/start.js";'),
    ("device", "device/requestKeys", 'import { opens } from "../shares/trial.js";'),
    ("trust", "trust/chain", 'import { get } from "../link/api.js";'),
    ("trust", "trust/chain", 'import { seenRoster } from "../device/memory.js";'),
    ("trust", "trust/log", 'export * from "../log/watch.js";'),
    ("shares", "shares/sealing", 'import { get } from "../link/api.js";'),
    ("shares", "shares/trial", 'import { load } from "../device/requestKeys.js";'),
    ("log", "log/watch", 'import { done } from "../acts/acting.js";'),
    ("log", "log/watch", 'import { withIdentity } from "../keys/unlock.js";'),
    ("keys", "keys/keyslots", 'import { signed } from "../acts/acting.js";'),
    ("keys", "keys/unlock", 'import { openShare } from "../shares/resealing.js";'),
    ("acts", "acts/requests", 'await import("../pages/dom.js");'),
    ("pages", "pages/release", 'import { openRelease } from "../shares/combining.js";'),
    ("crypto/unseal", "acts/deciding", 'import { unseal } from "../crypto/unseal.js";'),
    ("crypto/unseal", "crypto/opening", 'import { unseal } from "./unseal.js";'),
    ("crypto/unseal", "shares/resealing", 'import { unseal } from "../crypto/unseal.js";'),
    ("crypto/unseal", "shares/combining", 'import { unseal } from "../crypto/unseal.js";'),
    ("crypto/sharing", "shares/combining", 'import { combine } from "../crypto/sharing.js";'),
    ("crypto/sharing", "shares/resealing", 'await import("../crypto/sharing.js");'),
    ("crypto/opening", "shares/opening", 'import "../crypto/opening.js";'),
    ("crypto/hpke", "acts/deciding", 'import { agree } from "../crypto/hpke.js";'),
    ("crypto/hpke", "crypto/envelope", 'import { agree } from "./hpke.js";'),
    ("crypto/sharing", "pages/release", 'export { combine } from "../crypto/sharing.js";'),
    ("crypto/derived", "shares/combining", 'import { derive } from "../crypto/derived.js";'),
    ("crypto/signing", "acts/endings", 'import { sign } from "../crypto/signing.js";'),
    ("log/named", "acts/sealing", 'import { namedHead } from "../log/named.js";'),
    ("crypto/opening", "acts/sealing", 'await import("../crypto/opening.js");'),
    ("crypto/slip39", "shares/combining", 'import "../crypto/slip39.js";'),
    ("crypto/shamir", "crypto/sharing", 'import "./shamir.js";'),
    ("trust/before", "acts/deciding", 'import { judge } from "../trust/before.js";'),
    ("trust/entries", "pages/request", 'await import("../trust/entries.js");'),
    ("crypto/requestKey", "shares/trial", 'import "../crypto/requestKey.js";'),
    ("crypto/unlock", "acts/enrolment", 'import { unwrapRoot } from "../crypto/unlock.js";'),
    ("crypto/phrase", "acts/slots", 'const words = import("../crypto/phrase.js");'),
    ("circle", "acts/requests", 'const later = () => import("./deciding.js");'),
    ("circle", "crypto/errors", 'export { hex } from "./encoding.js";'),
    ("lost", "pages/live", 'import "./nowhere.js";'),
    ("lost", "pages/live", 'import "../../web/static/icon.js";'),
    ("lost", "pages/live", 'import "lodash";'),
    ("lost", "pages/live", 'import "dom.js";'),
    ("lost", "pages/live", 'import "./dom.ts";'),
    ("lost", "pages/live", 'import "https://cdn.example/x.js";'),
    ("lost", "pages/live", 'import "../link/api";'),
    ("unread", "pages/live", "import(location.hash);"),
    ("unread", "pages/live", "import(`../acts/${name}.js`);"),
    ("unread", "pages/live", 'begin(); import "../link/api.js";'),
    ("unread", "pages/live", 'begin(); export { get } from "../link/api.js";'),
    ("unread", "pages/live", 'import "../link/api.js"'),
]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return modules()


def test_every_door_holds(texts: dict[str, str]) -> None:
    assert list(faults(texts)) == []


@pytest.mark.parametrize(("rule", "module", "line"), FORBIDDEN)
def test_a_forbidden_import_is_reported(
    texts: dict[str, str], rule: str, module: str, line: str
) -> None:
    found = list(faults({**texts, module: f"{texts[module]}\n{line}\n"}))
    assert {one.rule for one in found} >= {rule}
    assert all(module in one.modules for one in found)


def test_every_rule_is_broken_by_some_row() -> None:
    broken = {rule for rule, _, _ in FORBIDDEN}
    assert broken == {*ROOMS, *DOORS, "circle", "lost", "unread"}


def test_every_module_is_in_a_room_and_every_door_on_a_module(texts: dict[str, str]) -> None:
    assert {room(module) for module in texts} == set(ROOMS)
    assert {module.count("/") for module in texts} == {1}
    assert set(DOORS) <= set(texts)


def test_nothing_but_modules_is_in_the_rooms() -> None:
    others = [path for path in BROWSER.rglob("*") if path.is_file() and path.suffix != ".js"]
    assert others == [BROWSER / SKELETON]


def test_the_rooms_stand_above_each_other() -> None:
    assert circle({own: {room(one) for one in allowed} for own, allowed in ROOMS.items()}) == ()


def test_nothing_is_allowed_that_no_module_does(texts: dict[str, str]) -> None:
    drawn = arrows(texts)
    unused = [
        (own, one)
        for own, allowed in ROOMS.items()
        for one in allowed
        if not any(room(module) == own and one in {to, room(to)} for module, to in drawn)
    ]
    idle = [
        (door, one)
        for door, allowed in DOORS.items()
        for one in allowed
        if not any(to == door and one in {module, room(module)} for module, to in drawn)
    ]
    assert unused + idle == []


def test_one_room_reaches_what_opens(texts: dict[str, str]) -> None:
    opens = {"crypto/unseal", "crypto/sharing", "crypto/opening"}
    reaching = {room(module) for module, to in arrows(texts) if to in opens}
    assert reaching - {"crypto"} == {"shares"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('import { a } from "./a.js";', ["./a.js"]),
        ('import {\n  a,\n  b,\n} from "./a.js";', ["./a.js"]),
        ('import * as a from "./a.js";', ["./a.js"]),
        ("import './a.js';", ["./a.js"]),
        ('export { a } from "./a.js";', ["./a.js"]),
        ('export * from "./a.js";', ["./a.js"]),
        ('const a = await import("./a.js");', ["./a.js"]),
        ('const a = loader(() => import("./a.js"));', ["./a.js"]),
        ('export const a = "./a.js";', []),
        ('export const a =\n  "./a.js";', []),
        ("const here = import.meta.url;", []),
    ],
)
def test_an_import_is_read_however_it_is_written(text: str, named: list[str]) -> None:
    assert imports(text) == (named, [])


def test_a_door_knows_a_module_by_its_name_and_by_its_room() -> None:
    assert admits(frozenset({"link/errors"}), "link/errors")
    assert admits(frozenset({"link"}), "link/errors")
    assert not admits(frozenset({"link/errors"}), "link/api")


def test_what_is_found_names_the_whole_circle() -> None:
    texts = {"link/a": 'import "./b.js";', "link/b": 'import("./c.js")', "link/c": ""}
    assert list(faults(texts)) == []
    texts["link/c"] = 'export * from "./a.js";'
    (found,) = faults(texts)
    assert isinstance(found, Found)
    assert found.rule == "circle"
    assert set(zip(found.modules, found.modules[1:], strict=False)) == {
        ("link/a", "link/b"),
        ("link/b", "link/c"),
        ("link/c", "link/a"),
    }
