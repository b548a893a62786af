"""The folder in which the client keeps one user's state and secrets on this device.

``BREAKGLASS_HOME`` or platformdirs' configuration folder. It holds ``config.json`` (the service's
address and who I am), ``token`` (the session, unless it is in the keyring), ``memory.json`` (see
``memory``) and ``requests/<id>.key``, the private key of each request of mine. Only their owner
can read the files; one that others can read is refused: they may have read it.
"""

import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from crypto.randomness import random_bytes
from service.client.foundation.errors import ClientRefusal

_FILE_MODE = 0o600
_FOLDER_MODE = 0o700
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_KEYRING = "keyring"
_KEYRING_SERVICE = "breakglass"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Where the service is and who I am. ``fingerprint`` is that of my keys at the last sign-in."""

    server: str
    email: str = ""
    person: str = ""
    name: str = ""
    fingerprint: str = ""
    token_store: str = "file"  # noqa: S105 - "file" or "keyring", no token


class Home:
    """One home folder. Nothing is read or created before it is needed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def locate(cls, environ: Mapping[str, str]) -> "Home":
        """Return the home that the environment names, or the one for this user."""
        if given := environ.get("BREAKGLASS_HOME"):
            return cls(Path(given).expanduser().absolute())
        from platformdirs import user_config_path

        return cls(user_config_path("breakglass"))

    # ------------------------------------------------------------ who and where

    def config(self) -> Config:
        """Return who I am and where the service is.

        Raises:
            ClientRefusal: ``not-set-up``, ``home-damaged``, ``home-open``.
        """
        config = self.config_or_none()
        if config is None:
            raise ClientRefusal(
                "not-set-up",
                "this device is not set up yet",
                "use your enrolment link with 'breakglass enroll', "
                "or sign in with 'breakglass login --server URL --email YOU'",
            )
        return config

    def config_or_none(self) -> Config | None:
        """Return what ``config`` returns, or None on a device that is not set up yet."""
        data = self.read_json("config.json")
        if data is None:
            return None
        if set(data) != {field.name for field in fields(Config)} or not all(
            isinstance(value, str) for value in data.values()
        ):
            raise self._damaged("config.json")
        return Config(**data)

    def write_config(self, config: Config) -> None:
        """Remember who I am and where the service is."""
        self.write_json("config.json", asdict(config))

    # ------------------------------------------------------------ the session's token

    def token(self) -> str:
        """Return the session's token, or empty text when no one is signed in here.

        Raises:
            ClientRefusal: ``no-keyring``; and as ``config``.
        """
        config = self.config()
        if config.token_store == _KEYRING:
            with _keyring() as ring:
                return ring.get_password(_KEYRING_SERVICE, self._keyring_user) or ""
        data = self.read("token")
        return data.decode("ascii", "replace").strip() if data is not None else ""

    def write_token(self, token: str, *, keyring: bool | None = None) -> None:
        """Store the session's token; ``keyring`` moves it there, or back into a file.

        Raises:
            ClientRefusal: ``no-keyring``: nothing is moved; and as ``config``.
        """
        config = self.config()
        store = config.token_store if keyring is None else (_KEYRING if keyring else "file")
        if store == _KEYRING:
            with _keyring() as ring:
                ring.set_password(_KEYRING_SERVICE, self._keyring_user, token)
            self.remove("token")
        else:
            self.write("token", token.encode("ascii"))
        if store != config.token_store:
            self.write_config(replace(config, token_store=store))

    def forget_token(self) -> None:
        """Remove the session's token from this device.

        Raises:
            ClientRefusal: ``no-keyring``; and as ``config``.
        """
        if self.config().token_store == _KEYRING and self.token():
            with _keyring() as ring:
                ring.delete_password(_KEYRING_SERVICE, self._keyring_user)
        self.remove("token")

    @property
    def _keyring_user(self) -> str:
        return str(self.path)

    # ------------------------------------------------------------ files

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes, or None if it is not there.

        Raises:
            ClientRefusal: ``home-open``: others may read it, or it is not this user's file.
        """
        path = self.path / name
        try:
            with path.open("rb") as file:
                # Of the open file, not of the path: it cannot be exchanged after the check.
                facts = os.fstat(file.fileno())
                if facts.st_uid != os.geteuid() or facts.st_mode & _OTHERS:
                    raise ClientRefusal(
                        "home-open",
                        f"{path} can be read by others or is not yours",
                        "find out who has read it; then: chmod 600 (files) and 700 (folder)",
                    )
                return file.read()
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all; it is on disk before this returns."""
        path = self.path / name
        _make_folder(self.path)
        _make_folder(path.parent)
        new = path.with_name(f"{path.name}.{random_bytes(4).hex()}.new")
        # O_EXCL and the mode at creation: no one else has the file open, and no one could ever
        # read it, not even before a chmod.
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _FILE_MODE)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        except OSError:
            with suppress(OSError):
                new.unlink()
            raise
        _sync_folder(path.parent)

    def remove(self, name: str) -> None:
        """Remove a file if it is there."""
        path = self.path / name
        with suppress(FileNotFoundError):
            path.unlink()
            _sync_folder(path.parent)

    def read_json(self, name: str) -> dict[str, Any] | None:
        """Return an object from a file, or None if it is not there.

        Raises:
            ClientRefusal: ``home-damaged``: no JSON object; ``home-open``.
        """
        data = self.read(name)
        if data is None:
            return None
        try:
            value = json.loads(data)
        except ValueError:
            raise self._damaged(name) from None
        if not isinstance(value, dict):
            raise self._damaged(name)
        return value

    def write_json(self, name: str, value: Mapping[str, object]) -> None:
        """Write an object as indented JSON with sorted keys."""
        self.write(name, json.dumps(value, indent=2, sort_keys=True).encode() + b"\n")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock under which memory is read, compared and written as one step."""
        import fcntl

        _make_folder(self.path)
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, _FILE_MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # waits; closing it, or a crash, lets go
            yield
        finally:
            os.close(descriptor)

    def _damaged(self, name: str) -> ClientRefusal:
        return ClientRefusal(
            "home-damaged",
            f"{self.path / name} is damaged: this client writes another form",
            "do not just delete memory.json: without it this device accepts an older roster",
        )


def _make_folder(path: Path) -> None:
    path.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    if path.stat().st_mode & _OTHERS:  # it was there before, with a wider mode
        path.chmod(_FOLDER_MODE)


def _sync_folder(path: Path) -> None:
    """Flush a folder: a rename is on disk only when its folder is."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _keyring() -> Iterator[Any]:
    """Yield the keyring library.

    Raises:
        ClientRefusal: ``no-keyring``: it is not installed, or the desktop's keyring fails.
    """
    try:
        import keyring
        import keyring.errors
    except ImportError:
        raise ClientRefusal(
            "no-keyring", "the keyring library is not installed", "install breakglass[keyring]"
        ) from None
    try:
        yield keyring
    except keyring.errors.KeyringError as refused:
        raise ClientRefusal(
            "no-keyring",
            f"the keyring did not store or return the token ({type(refused).__name__})",
            "sign in with --no-keyring to keep it in a file",
        ) from None
