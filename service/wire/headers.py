"""The headers of a release's answers, for the server that sends them and whoever compares them."""

from collections.abc import Mapping

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


def _policy(form_action: str) -> str:
    """Scripts, styles, pictures and calls come from here and go here, and nothing else is loaded.

    A string never becomes code or markup: with Trusted Types and no policy, the browser refuses it.
    """
    return (
        "default-src 'none'; "
        "script-src 'self'; "
        "style-src 'self'; "
        "img-src 'self'; "
        "connect-src 'self'; "
        "worker-src 'none'; "
        "frame-ancestors 'none'; "
        "base-uri 'none'; "
        f"form-action {form_action}; "
        "require-trusted-types-for 'script'; "
        "trusted-types 'none'"
    )


# An answer that is no page shows nothing and runs nothing, wherever a browser may open it.
CLOSED_POLICY = (
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
)
# A year: the file's digest is in its URL, which never answers with other bytes.
IMMUTABLE = "public, max-age=31536000, immutable"
# Two years. Subdomains are someone else's to decide about.
STRICT_TRANSPORT = "max-age=63072000"

_EVERY: Mapping[str, str] = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# Answers of the API and refusals, and with another Cache-Control the files.
CLOSED: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": CLOSED_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
FILE: Mapping[str, str] = {**CLOSED, "Cache-Control": IMMUTABLE}
# The shell: a browser runs no script but those that it names with their digests.
SHELL: Mapping[str, str] = {
    **_EVERY,
    "Cache-Control": "no-cache",
    "Content-Security-Policy": _policy("'none'"),
    "Integrity-Policy": "blocked-destinations=(script)",
    "Permissions-Policy": PERMISSIONS,
}
# A page that the server draws.
DRAWN: Mapping[str, str] = {
    **_EVERY,
    "Cache-Control": "no-store",
    "Content-Security-Policy": _policy("'self'"),
    "Permissions-Policy": PERMISSIONS,
}
