# The public parts of flask-login 0.6 that are used here; it ships no types.

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Request
from flask.typing import ResponseReturnValue

class UserMixin:
    @property
    def is_authenticated(self) -> bool: ...

class AnonymousUserMixin:
    @property
    def is_authenticated(self) -> bool: ...

_Loader = TypeVar("_Loader", bound=Callable[[Request], UserMixin | None])
_Handler = TypeVar("_Handler", bound=Callable[[], ResponseReturnValue])

class LoginManager:
    session_protection: str | None
    def __init__(self, app: Flask | None = None, add_context_processor: bool = True) -> None: ...
    def request_loader(self, callback: _Loader) -> _Loader: ...
    def unauthorized_handler(self, callback: _Handler) -> _Handler: ...
    def unauthorized(self) -> ResponseReturnValue: ...

current_user: UserMixin | AnonymousUserMixin
