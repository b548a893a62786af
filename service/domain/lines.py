"""The lines of an AWS account: its first registration, and further ones beside it.

An account's id is twelve digits, and for a further line a point and its number. Everything is keyed
by that text, and a line knows nothing of another: whatever a release, a sighting or a way in
explains, it explains in its own line. Only what is compared with AWS is compared by the digits.
"""


def aws_account(account: str) -> str:
    """Return what AWS calls the account: whatever is compared with AWS is compared with this."""
    return account.partition(".")[0]
