"""The folder in which the client keeps one user's state and secrets on this device.

``BREAKGLASS_HOME`` or platformdirs' configuration folder. It holds ``config.json`` (the service's
address and who I am), ``token`` (the session, unless it is in the keyring), ``memory.json`` (see
``memory``) and ``requests/<id>.key``, the private key of each request of mine. Only their owner
can read the files; one that others can read is refused: they may have read it.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from service.client.device.homefiles import (
    FILE_MODE,
    OTHERS,
    make_folder,
    replace_whole,
    sync_folder,
    take,
    unusable,
)
from service.client.foundation.errors import ClientRefusal

_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_MEND = {
    "memory.json": (
        "put it back from a copy; do not just delete it: without it this device accepts an older "
        "roster. If there is no copy, move it away, and compare the roster's eight words by voice "
        "before you do anything else"
    ),
    "config.json": "put it back from a copy; or move it away, and sign in with 'breakglass login'",
    "gone.json": (
        "put it back from a copy; or move it away: this device then forgets to which requests you "
        "gave your shares"
    ),
}
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
            raise self.damaged("config.json", "its fields are not those that this client writes")
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
            ClientRefusal: ``home-open``: others may read it, or it is not this user's file;
                ``home-unusable``: it cannot be read.
        """
        path = self.path / name
        try:
            # Without waiting: a pipe in the home would hold every command up.
            with os.fdopen(os.open(path, _READ), "rb") as file:
                # Of the open file, not of the path: it cannot be exchanged after the check.
                facts = os.fstat(file.fileno())
                if facts.st_uid != os.geteuid() or facts.st_mode & OTHERS:
                    raise ClientRefusal(
                        "home-open",
                        f"{path} can be read by others or is not yours",
                        "find out who has read it; then: chmod 600 (files) and 700 (folder)",
                    )
                return file.read()
        except FileNotFoundError:
            return None
        except OSError as failed:
            raise unusable(failed, path, "read") from None

    def write(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all; it is on disk before this returns.

        Raises:
            ClientRefusal: ``home-unusable``: it cannot be written; what was there is still there.
        """
        path = self.path / name
        try:
            make_folder(self.path)
            make_folder(path.parent)
            replace_whole(path, data)
        except OSError as failed:
            raise unusable(failed, path, "written") from None

    def remove(self, name: str) -> None:
        """Remove a file if it is there.

        Raises:
            ClientRefusal: ``home-unusable``: it is still there.
        """
        path = self.path / name
        try:
            path.unlink()
            sync_folder(path.parent)
        except FileNotFoundError:
            return
        except OSError as failed:
            raise unusable(failed, path, "removed") from None

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
        except (ValueError, RecursionError):
            raise self.damaged(name, "it is not JSON") from None
        if not isinstance(value, dict):
            raise self.damaged(name, "it is not an object")
        return value

    def write_json(self, name: str, value: Mapping[str, object]) -> None:
        """Write an object as indented JSON with sorted keys."""
        self.write(name, json.dumps(value, indent=2, sort_keys=True).encode() + b"\n")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock under which memory is read, compared and written as one step.

        Raises:
            ClientRefusal: ``home-unusable``: there are no locks here.
        """
        path = self.path / "lock"
        try:
            make_folder(self.path)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
        except OSError as failed:
            raise unusable(failed, path, "opened") from None
        try:
            take(descriptor, path)
            yield
        finally:
            os.close(descriptor)  # lets go, as a crash would

    def damaged(self, name: str, why: str) -> ClientRefusal:
        """Return the refusal of a file that is not as this client writes it."""
        return ClientRefusal(
            "home-damaged",
            f"{self.path / name} is damaged: {why}",
            _MEND.get(name, "put it back from a copy of this folder"),
        )


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
