"""One thing a service says, as JSON for Node: what is done with it, and how that must end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from crypto.encoding import b64encode
from crypto.identity import PublicKeys
from crypto.statement import Statement
from tests.cast import ACCOUNT, identities_of
from tests.client.honest import first_roster, wire


@dataclass(frozen=True)
class Case:
    """``code`` is the refusal that the command line gives, empty where it believes; ``says`` is
    then what must come out, where there is anything to compare."""

    name: str
    act: str
    given: Mapping[str, Any]
    code: str = ""
    says: Any = field(default=None)

    @property
    def heard(self) -> tuple[str, Any]:
        return (self.code, self.says)


def plain(value: Any) -> Any:
    """Bytes as base64, statements as they travel, keys as two texts."""
    match value:
        case Statement():
            plainer: Any = wire(value).model_dump()
        case BaseModel():
            plainer = value.model_dump()
        case PublicKeys():
            plainer = [b64encode(value.encryption_key), b64encode(value.signing_key)]
        case bytes():
            plainer = b64encode(value)
        case Mapping():
            plainer = {name: plain(item) for name, item in value.items()}
        case list() | tuple():
            plainer = [plain(item) for item in value]
        case _:
            plainer = value
    return plainer


def chained(*versions: Statement, **given: Any) -> dict[str, Any]:
    """What most acts begin with: a chain that is looked at without an anchor."""
    chain: Sequence[Statement] = given.pop("chain", versions or (first_roster(),))
    honest = {"chain": chain, "identities": identities_of(*chain), "account": ACCOUNT}
    return {**honest, "me": None, "remembered": None, **given}
