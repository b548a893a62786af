"""The systemd units leave a process little to do harm with."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

SYSTEMD = Path(__file__).resolve().parents[2] / "deploy" / "systemd"
WITNESS = "breakglass-witness.service"
UNITS = {
    "breakglass.service": "breakglass-ops serve --metrics-port 8421",
    "breakglass-worker.service": "breakglass-ops worker",
    WITNESS: "breakglass witness serve /var/lib/breakglass-witness --log ${LOG_KEY}",
}
EXPOSURE_TIMES_TEN = 15

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd-analyze is not installed (Debian: apt-get install systemd)",
)


def service_of(unit: str) -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(SYSTEMD / unit)
    return parser["Service"]


def test_every_unit_is_checked() -> None:
    assert {path.name for path in SYSTEMD.iterdir()} == set(UNITS)


@needs_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_the_exposure_of_a_unit_is_low(unit: str) -> None:
    done = subprocess.run(
        [
            "systemd-analyze",
            "security",
            "--offline=true",
            "--no-pager",
            f"--threshold={EXPOSURE_TIMES_TEN}",
            str(SYSTEMD / unit),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"Overall exposure level for \S+: (0|1)\.\d OK", done.stdout)


@needs_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_understands_every_line(unit: str, tmp_path: Path) -> None:
    # the program lies elsewhere here; everything else must be known
    text = re.sub(
        r"^ExecStart=\S+", "ExecStart=/bin/true", (SYSTEMD / unit).read_text(), flags=re.MULTILINE
    )
    (tmp_path / unit).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if unit in line] == []


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_runs_one_command_as_a_user_of_its_own(unit: str) -> None:
    service = service_of(unit)
    name = unit.removesuffix(".service") if unit == WITNESS else "breakglass"
    settings = "witness" if unit == WITNESS else "breakglass"
    assert service["ExecStart"] == f"/opt/breakglass/bin/{UNITS[unit]}"
    assert service["User"] == service["Group"] == service["StateDirectory"] == name
    assert service["EnvironmentFile"] == f"/etc/breakglass/{settings}.env"


@pytest.mark.parametrize("unit", UNITS)
def test_no_memory_reaches_a_disk_and_no_file_another_user(unit: str) -> None:
    service = service_of(unit)
    assert (service["LimitCORE"], service["MemorySwapMax"]) == ("0", "0")
    assert (service["UMask"], service["StateDirectoryMode"]) == ("0077", "0700")
