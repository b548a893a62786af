"""E-mail addresses as the service compares them."""

from crypto.encoding import check_text

LONGEST = 254


def casefolded(email: str) -> str:
    """The one spelling under which an address is known.

    Raises:
        MalformedError: over 254 characters, or with control or direction-changing ones, of which
            PostgreSQL stores no NUL.
    """
    return check_text(email.casefold(), LONGEST)
