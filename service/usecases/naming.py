"""Names and addresses as they are taken from people, in the one spelling that is kept."""

from crypto.codepoints import REFUSED_IN_NAMES
from crypto.encoding import check_text
from crypto.errors import MalformedError
from crypto.fields import person_name
from service.domain import names

LONGEST_ADDRESS = 254  # characters
LONGEST_NAME = 100


def address_of(email: str) -> str:
    """Return an address as the service compares it.

    Raises:
        MalformedError: over 254 characters, or with one that cannot be seen, a space, a control
            or a direction-changing one, of which PostgreSQL stores no NUL.
    """
    plain = check_text(names.address(email), LONGEST_ADDRESS)
    if REFUSED_IN_NAMES.search(plain):
        raise MalformedError("an e-mail address must not have a character that cannot be seen")
    return plain


def name_of(typed: str) -> str:
    """Return a person's name as rosters have it: its NFC.

    Raises:
        MalformedError: over 100 characters, or a name that no roster takes.
    """
    name = names.composed(typed)  # which lengthens a few
    if len(name) > LONGEST_NAME:
        raise MalformedError(f"a name must have at most {LONGEST_NAME} characters")
    try:
        person_name(name)
    except MalformedError as refused:
        raise MalformedError(f"a name that others cannot compare: {refused}") from None
    return name
