"""Which guard the settings ask for."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from service.bootstrap import guard_of
from service.config import Settings
from service.storage.errors import GuardUnreachableError
from service.storage.guard import FileGuard
from service.storage.shared_guard import SharedGuard


@pytest.fixture(autouse=True)
def no_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def test_a_file_by_default(tmp_path: Path) -> None:
    guard = guard_of(Settings(state_dir=tmp_path))
    assert isinstance(guard, FileGuard)
    assert guard.path == tmp_path / "log.guard"


def test_an_object_in_s3(tmp_path: Path) -> None:
    guard = guard_of(Settings(state_dir=tmp_path, guard="s3://guards/a/b", s3_region="eu-west-1"))
    assert isinstance(guard, SharedGuard)
    assert guard.path == "s3://guards/a/b"


def test_an_object_that_does_not_answer_signs_nothing(tmp_path: Path) -> None:
    settings = Settings(
        state_dir=tmp_path,
        guard="s3://guards/log",
        s3_region="eu-west-1",
        s3_endpoint_url="http://127.0.0.1:9",
    )
    with pytest.raises(GuardUnreachableError, match="s3://guards/log does not answer"):
        guard_of(settings).exists()


@pytest.mark.parametrize("text", ["", "files", "s3://", "s3://bucket", "s3://B/x", "http://a/b"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="guard"):
        Settings(guard=text)
