"""What all shapes share: strict, closed, frozen.

Binary is standard base64 with padding, digests lower-case hex, times ``YYYY-MM-DDTHH:MM:SSZ``.
The patterns only bound a text's form; whoever decodes it re-encodes and compares.
"""

from typing import Annotated, ClassVar, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from crypto.fields import ACCOUNT

UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"

Id: TypeAlias = Annotated[str, Field(pattern=UUID, description="UUIDv4 as lower-case text")]
AccountId: TypeAlias = Annotated[str, Field(pattern=rf"^{ACCOUNT}$")]
AnyAccountId: TypeAlias = Annotated[str, Field(pattern=rf"^({ACCOUNT})?$")]  # empty: any
Digest: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Time: TypeAlias = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$")]
Base64: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]*={0,2}$", max_length=180_000)]
Key: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$", description="32 bytes")]
Text: TypeAlias = Annotated[str, Field(max_length=1000)]
Email: TypeAlias = Annotated[str, Field(max_length=254, pattern=r"^\s*[^@\s]+@[^@\s]+\s*$")]


class Shape(BaseModel):
    """A closed record: an unknown field, or a boolean for an integer, is refused."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True, frozen=True)


class Signature(Shape):
    """One DSSE signature."""

    keyid: Digest
    sig: Base64


class Dsse(Shape):
    """A statement: a DSSE envelope, to be kept as the canonical JSON of exactly these texts."""

    payload: Base64
    payloadType: Annotated[str, Field(max_length=100)]  # noqa: N815 - DSSE's own spelling
    signatures: Annotated[list[Signature], Field(min_length=1, max_length=100)]


class Statement(Shape):
    """The body of a signed act that needs nothing else."""

    statement: Dsse


class Done(Shape):
    """The answer to an act: what it led to, and where the log has it.

    ``leaf`` is the leaf index of the act's own event; ``receipt`` a tlog-proof of it, or empty when
    the log could not be signed at that moment (which is a finding, and never stops an act).
    """

    id: str
    state: str
    leaf: int
    receipt: str = ""


class Problem(BaseModel):
    """RFC 9457 problem document; ``type`` is ``urn:breakglass:<code>`` with a stable code."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
