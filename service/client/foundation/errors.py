"""The client's own refusals, and the service's as the client shows them.

Codes are stable, like the service's; messages are for people and may change. No message contains
a phrase, a key, a share or a password.
"""


class ClientRefusal(Exception):
    """The client refuses. ``message`` says what is wrong, ``hint`` what to do (may be empty)."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class ApiRefusal(ClientRefusal):
    """The service refuses, with a problem document of this code and HTTP ``status``."""

    def __init__(self, code: str, message: str, hint: str = "", *, status: int = 0) -> None:
        super().__init__(code, message, hint)
        self.status = status
