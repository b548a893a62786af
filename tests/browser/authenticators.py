"""Virtual authenticators: passkeys without a finger, by Chromium's own test interface."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page

_EVERY: Mapping[str, Any] = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "automaticPresenceSimulation": True,
}
# What a telephone or a recent laptop has.
WITH_PRF: Mapping[str, Any] = {
    **_EVERY,
    "hasUserVerification": True,
    "isUserVerified": True,
    "hasPrf": True,
}
# Signs in, and has nothing that a key could be wrapped with.
WITHOUT_PRF: Mapping[str, Any] = {**WITH_PRF, "hasPrf": False}
# Knows that somebody is there, and not who.
WITHOUT_VERIFICATION: Mapping[str, Any] = {
    **_EVERY,
    "hasUserVerification": False,
    "isUserVerified": False,
}


class Authenticator:
    """One authenticator on one page; it stays there when the page goes elsewhere."""

    def __init__(self, context: BrowserContext, page: Page, kind: Mapping[str, Any]) -> None:
        self._session: CDPSession = context.new_cdp_session(page)
        self._session.send("WebAuthn.enable", {"enableUI": False})
        added = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": dict(kind)})
        self._id: str = added["authenticatorId"]

    def credentials(self) -> list[dict[str, Any]]:
        """The passkeys that it has."""
        found = self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        credentials: list[dict[str, Any]] = found["credentials"]
        return credentials

    def refuse(self) -> None:
        """From now on whoever is there is somebody else."""
        self._session.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": False}
        )
