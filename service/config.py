"""Settings, read once.

An unknown ``BREAKGLASS_`` name stops the program: a typing slip must not pass for a default.
"""

import os
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.domain.topic import check_topic

PREFIX = "BREAKGLASS_"
# What the client reads from its own environment; a shell may hold both kinds.
CLIENT_NAMES = frozenset({"BREAKGLASS_HOME", "BREAKGLASS_PHRASE_FILE"})


class SettingsError(Exception):
    """The environment does not make sense; the text says which name, never its value."""


class Settings(BaseSettings):
    """The service's settings; each is explained in ``deploy/breakglass.env.example``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    url: str = "http://localhost:8420"
    bind: str = "127.0.0.1:8420"
    database_url: str = ""
    state_dir: Path = Path("var")
    log_origin: str = ""
    sns_topic_arn: Annotated[str, AfterValidator(check_topic)] = ""
    sns_region: str = ""
    sns_endpoint_url: str = ""
    guard: Annotated[
        str, Field(pattern=r"^(file|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[A-Za-z0-9._/-]{1,512})$")
    ] = "file"
    log_bucket: Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$")] = ""
    log_retention_days: Annotated[int, Field(ge=1, le=36_500)] = 365
    s3_region: str = ""
    s3_endpoint_url: str = ""

    @field_validator("url")
    @classmethod
    def _plain_origin(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise ValueError("must be an origin such as https://breakglass.example.org")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        known = {PREFIX + name.upper() for name in type(self).model_fields} | CLIENT_NAMES
        unknown = sorted(n for n in os.environ if n.startswith(PREFIX) and n not in known)
        if unknown:
            raise ValueError(f"unknown settings: {', '.join(unknown)}")
        return self

    @property
    def database(self) -> str:
        """The SQLAlchemy URL; by default SQLite in the state folder."""
        return self.database_url or f"sqlite:///{self.state_dir.resolve() / 'breakglass.db'}"

    @property
    def origin(self) -> str:
        """The log's origin: a schema-less URL, by default of this service's host."""
        return self.log_origin or f"{urlsplit(self.url).hostname}/log"
