"""What can prove a field of an entry of the log: a signature, a rule, or nothing.

A field is *proven* by a field of the entry's own statement, which its signer signed, or by a rule
that anyone who replays the log applies again. Everything else is *unsigned*: the service wrote it,
and only the log's key vouches that it has stood there since.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from service.domain.events import Detail


class Form(StrEnum):
    """The form of a detail."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "boolean"
    TEXTS = "texts"

    def fits(self, value: Detail) -> bool:
        """Whether a detail has this form; ``True`` is not a number."""
        if self is Form.TEXTS:
            return isinstance(value, list)
        return type(value) is {"text": str, "number": int, "boolean": bool}[self.value]


class Rule(StrEnum):
    """What a replay of the log recomputes, in the words that the documentation prints."""

    SERVICE = "`service`"
    EMPTY = "empty"
    ACTOR = "the actor"
    ACCOUNT = "a registered account"
    LINE = "a further line of the subject's AWS account"
    FIRST = "the first entry"
    CONSEQUENCE = "follows from the act before"
    DUE = "its time had come, or follows from the act before"
    CAUSED = "follows with the entry"
    STATE = "where the act leads"
    REQUEST = "the request's statement"
    MANIFEST = "the manifest"
    COUNT = "counted again"
    REQUESTER = "the requester of a released request"
    KNOWN = "whether the person has enrolled before"
    REPLACED = "what was in use until then"
    NEWEST = "the newest roster"
    NEXT = "one more than the newest version"
    DRAFT = "the open draft"
    DAYS = "days since the line was registered, 7 at the most"
    KEY = "a key of the actor"
    LAST = "who signed in the entry before, and the roster bears it"
    LOG = "the entries before"
    NOTE = "the abandoned checkpoint, signed by the log's key"


OF_ITSELF = frozenset({Rule.SERVICE, Rule.EMPTY, Rule.ACTOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What proves a field: ``signed`` of the statement, or a ``rule``; *unsigned* without either.

    With both, some entries of the action carry a statement and the others follow from another act.
    """

    signed: str = ""
    rule: Rule | None = None
    form: Form = Form.TEXT

    @property
    def proven(self) -> bool:
        """Whether a replay proves it."""
        return bool(self.signed) or self.rule is not None

    @property
    def of_itself(self) -> bool:
        """Whether the rule needs nothing but the entry; see ``declared.misplaced``."""
        return not self.signed and self.rule in OF_ITSELF


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What proves an action: that it happened (``entry``), and each of its fields."""

    entry: Field
    actor: Field
    subject: Field
    request: Field
    details: Mapping[str, Field] = field(default_factory=lambda: MappingProxyType({}))
