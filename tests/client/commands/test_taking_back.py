"""Operators take back what they gave: by address, and with their phrase."""

from pathlib import Path

from service.usecases.context import Context
from tests.client.devices import Device


def test_an_auditor_s_role_is_taken_back_and_the_device_is_signed_out(
    operator: Device,
) -> None:
    aud = operator.invite("Aud", "--auditor")
    assert aud.do("whoami")["auditor"]
    done = operator.do("withdraw", "AUD@corp.example", "auditor")
    assert done["state"] == "withdrawn"
    assert aud.refused("whoami") == "not-signed-in"
    aud.do("login")
    assert not aud.do("whoami")["auditor"]


def test_all_sessions_of_somebody_are_ended(operator: Device) -> None:
    ann = operator.invite("Ann")
    assert operator.do("end-sessions", "ann@corp.example")["state"] == "ended"
    assert ann.refused("whoami") == "not-signed-in"
    assert operator.refused("end-sessions", "ann@corp.example") == "wrong-state"


def test_the_last_operator_and_strangers_are_refused(operator: Device) -> None:
    ann = operator.invite("Ann")
    mine = operator.do("whoami")["email"]
    assert operator.refused("withdraw", mine, "operator") == "last-operator"
    assert operator.refused("withdraw", "nobody@corp.example", "auditor") == "not-found"
    assert operator.refused("withdraw", "ann@corp.example", "auditor") == "wrong-state"
    assert ann.refused("withdraw", mine, "operator") == "not-allowed"
    assert ann.refused("end-sessions", mine) == "not-allowed"


def test_the_auditor_s_replay_accepts_what_the_service_wrote(
    service: Context, operator: Device, tmp_path: Path
) -> None:
    operator.invite("Otto", "--operator")
    operator.invite("Aud", "--auditor")
    operator.do("withdraw", "aud@corp.example", "auditor")
    operator.do("withdraw", "otto@corp.example", "operator")
    operator.do("invite", "later@corp.example", "Later")
    folder = str(tmp_path / "export")
    operator.do("audit", "export", folder)
    report = operator.do("audit", "verify", folder, "--key", service.signer.verifier_key)
    assert (report["ok"], report["checked"]["leaves"]) == (True, report["size"])
