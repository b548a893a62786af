"""Headers of every answer, refusals and faults included."""

from collections.abc import Mapping

from flask import Flask, Response, request

from service.web.static_files import ENDPOINT
from service.wire.assets import POLICY

_OURS = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
_NOBODYS = (
    "accelerometer",
    "autoplay",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
PERMISSIONS = ", ".join(
    (*(f"{name}=(self)" for name in _OURS), *(f"{name}=()" for name in _NOBODYS))
)

ALWAYS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# A year: the file's digest is in its URL, which never answers with other bytes.
IMMUTABLE = "public, max-age=31536000, immutable"
# Two years. Subdomains are someone else's to decide about.
STRICT_TRANSPORT = "max-age=63072000"


def register(app: Flask, *, secure: bool) -> None:
    """Set them all. ``secure``: the service's URL is https, so browsers may insist on it."""

    @app.after_request
    def _set(response: Response) -> Response:
        response.headers.update(ALWAYS)
        if request.endpoint == ENDPOINT and response.status_code == 200:  # noqa: PLR2004 - OK
            response.headers["Cache-Control"] = IMMUTABLE
        if secure:
            response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
        return response
