"""What the client itself refuses, and how a refusal of the service reaches a person.

Codes are stable, like the service's; messages are for people and may change. No message contains
a phrase, a key, a share or a password.
"""


class ClientRefusal(Exception):
    """The device says no. ``hint`` says what to do about it, or is empty."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class ApiRefusal(ClientRefusal):
    """The service says no, in a problem document with this code and HTTP ``status``."""

    def __init__(self, code: str, message: str, hint: str = "", *, status: int = 0) -> None:
        super().__init__(code, message, hint)
        self.status = status
