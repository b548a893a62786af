"""What a WSGI server loads: ``service.wsgi:create()``.

A function and not a module's variable, so that importing this file opens nothing.
"""

from flask import Flask

from service.bootstrap import build
from service.config import Settings
from service.web import lines
from service.web.app import create_app


def create() -> Flask:
    """The application, from the environment. Raises whatever keeps the service from starting."""
    settings = Settings()
    lines.configure()
    return create_app(build(settings), settings)
