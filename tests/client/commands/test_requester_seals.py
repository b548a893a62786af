"""A requester releases, changes the password at AWS, seals it; the next request opens it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cast import ACCOUNT
from tests.client.acting import approve, revealed
from tests.client.commands.test_custody import seal
from tests.client.conftest import (
    EVERYBODY,
    MFA,
    PASSWORD,
    Organisation,
    first_draft,
    organise,
    running,
)
from tests.client.devices import Device
from tests.client.offline.conftest import REASON, Gone

ENVELOPES = f"/accounts/{ACCOUNT}/envelopes"
KNOWS = "sealed by its requester: Gus knows this password"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """Ann seals, Gus asks, and the roster lets him seal after a release."""
    folder = tmp_path_factory.mktemp("requester")
    with running(folder) as ctx:
        organisation = organise(ctx, folder)
        policy = folder / "policy.toml"
        policy.write_text("[policy]\nrequester_seals = true\n")
        organisation.draft(str(policy), *first_draft()[:-1], "Ann")
        organisation.sign(*EVERYBODY)
        seal(organisation["Ann"], password="the-First-password-of-1")
        confirm(organisation)
        yield organisation


def confirm(people: Organisation) -> None:
    for name in (*PASSWORD, *MFA):
        people[name].do("confirm", ACCOUNT)


def ask(people: Organisation, *options: str) -> str:
    given = ("--task", "billing", "--reason", "the invoice run is stuck", *options)
    number: str = people["Gus"].do("request", ACCOUNT, *given)["id"]
    return number


def release(people: Organisation, *options: str) -> str:
    number = ask(people, *options)
    approve(people, number)
    people["Gus"].do("release", number)
    return number


def test_the_whole_way_with_every_lie_about_the_evidence(
    people: Organisation, tmp_path: Path
) -> None:
    gus, ann, dea = people["Gus"], people["Ann"], people["Dea"]
    assert gus.refused("seal", ACCOUNT, "--out-fd", "1") == "not-successor"
    first = release(people)
    assert revealed(gus, "reveal", first) == "the-First-password-of-1"
    seal(gus, password="the-Second-password-of-2")
    assert evidence_is_needed(dea)
    said = dea.run("confirm", ACCOUNT, *dea.phrase_options(("confirm",)))
    assert said.exit_code == 0
    assert KNOWS in said.output
    for name in ("Ann", "Bob", "Eli"):
        people[name].do("confirm", ACCOUNT)
    assert gus.do("show", first)["state"] == "review_due"

    shown = ann.do("accounts", "show", ACCOUNT)
    assert shown["state"] == "ready"
    assert KNOWS in " ".join(finding["message"] for finding in shown["findings"])
    assert shown["readiness"] is not None
    assert all(group["can_act"] for group in shown["readiness"]["groups"].values())
    second = ask(people)
    assert KNOWS in ann.says("show", second)
    bare = ann.told(lambda one: one | {"successor": None}, f"/requests/{second}", "approve", second)
    assert bare == "successor-unproven"
    approve(people, second)
    gus.do("release", second)
    assert revealed(gus, "reveal", second) == "the-Second-password-of-2"

    without_the_service(people, tmp_path)
    seal(gus, password="the-Third-password-of-3")  # after the import, which is named too
    confirm(people)
    assert released_password(people) == "the-Third-password-of-3"
    return_to_sealer(people, ann)


def released_password(people: Organisation) -> str:
    return revealed(people["Gus"], "reveal", release(people))


def without_the_service(people: Organisation, folder: Path) -> None:
    """A bundle has the evidence too: it opens by files, is brought in, and is sealed after."""
    path = folder / "account.bundle"
    people["Ann"].do("bundle", ACCOUNT, "--out", str(path))
    gone = Gone(people, folder)
    bare = json.loads(path.read_bytes())
    for envelope in bare["envelopes"]:
        envelope["successor"] = None
    (folder / "bare.bundle").write_text(json.dumps(bare))
    asked = ("offline", "request", str(folder / "bare.bundle"), *REASON)
    assert gone["Gus"].refused(*asked, "--out", str(folder / "x")) == "successor-unproven"
    fresh = gone.ask("fresh", "--newest")
    said = gone["Ann"].run("offline", "approve", gone.bundle, fresh, typed="n\n")
    assert KNOWS in said.output
    given = gone.approve(fresh, *PASSWORD, *MFA)
    case = gone.file("whole.case")
    password = revealed(gone["Gus"], "offline", "open", gone.bundle, fresh, *given, "--case", case)
    assert password == "the-Second-password-of-2"
    people["Gus"].do("offline", "import", case)


def return_to_sealer(people: Organisation, ann: Device) -> None:
    """A sealer replaces it, and nothing says any more that anyone knows it."""
    seal(ann, password="the-Fourth-password-of-4")
    assert people["Gus"].refused("seal", ACCOUNT, "--out-fd", "1") == "not-successor"
    confirm(people)
    shown = ann.do("accounts", "show", ACCOUNT)
    assert KNOWS not in " ".join(finding["message"] for finding in shown["findings"])


def test_what_gus_knows_is_no_password_for_another_roster(
    people: Organisation, tmp_path: Path
) -> None:
    release(people)
    seal(people["Gus"], password="the-Fifth-password-of-5")
    confirm(people)
    policy = tmp_path / "policy.toml"
    policy.write_text("[policy]\nrequester_seals = false\n")
    people.draft(str(policy))
    people.sign(*PASSWORD, *MFA)
    done = people["Ann"].do("accounts", "show", ACCOUNT)
    assert KNOWS in " ".join(finding["message"] for finding in done["findings"])
    seal(people["Ann"], password="the-Sixth-password-of-6")
    confirm(people)
    shown = people["Ann"].do("accounts", "show", ACCOUNT)
    assert KNOWS not in " ".join(finding["message"] for finding in shown["findings"])


def lies() -> dict[str, tuple[Callable[[Any], Any], str]]:
    """What a service may do to the evidence of the newest envelope, with the code."""

    def at(name: str, change: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def lie(answer: Any) -> Any:
            newest, *older = answer["envelopes"]
            proved = newest["successor"]
            changed = proved | {name: change(proved[name])}
            return answer | {"envelopes": [newest | {"successor": changed}, *older]}

        return lie

    def no_evidence(answer: Any) -> Any:
        newest, *older = answer["envelopes"]
        return answer | {"envelopes": [newest | {"successor": None}, *older]}

    return {
        "none": (no_evidence, "successor-unproven"),
        "an approval left out": (at("approvals", lambda them: them[1:]), "no-quorum"),
        "an approval twice": (at("approvals", lambda them: [them[0], *them[:-1]]), "no-quorum"),
        "the release as the request's leaf": (
            at("release", lambda one: one | {"leaf": one["leaf"] | {"path": []}}),
            "successor-unproven",
        ),
        "another checkpoint than the answer's": (
            at("checkpoint", lambda text: f"{text}\u2014 other.example/log AAAAAAAA\n"),
            "successor-unproven",
        ),
    }


def evidence_is_needed(device: Device) -> bool:
    for name, (lie, code) in lies().items():
        assert device.told(lie, ENVELOPES, "confirm", ACCOUNT) == code, name
    return True
