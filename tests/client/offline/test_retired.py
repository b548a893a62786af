"""A line that was ended, while the service is gone: its newer bundle takes no request."""

from pathlib import Path

from tests.cast import ACCOUNT
from tests.client.acting import in_force
from tests.client.conftest import MFA, PASSWORD
from tests.client.offline.conftest import REASON, Gone


def test_a_bundle_of_a_retired_line_takes_no_request(tmp_path: Path) -> None:
    with in_force(tmp_path) as people:
        disk = tmp_path / "disk"
        disk.mkdir()
        gone = Gone(people, disk)
        people["Bob"].do("bundle", ACCOUNT, "--out", gone.bundle)
        asked = gone.ask("before")
        people.draft("--retire")
        people.sign(*PASSWORD, *MFA)
        newer = gone.file("newer.bundle")
        people["Bob"].do("bundle", ACCOUNT, "--out", newer)
        after = ("offline", "request", newer, *REASON, "--out", gone.file("after.request"))
        assert gone["Gus"].refused(*after) == "line-retired"
        assert gone["Dea"].refused("offline", "approve", newer, asked) == "line-retired"
        assert not Path(gone.file("after.request")).exists()
