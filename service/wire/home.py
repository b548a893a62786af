"""What needs a person's attention, and what is wrong, in the accounts that they may see."""

from service.wire.accounts import AccountSummary, Finding
from service.wire.base import AccountId, Shape, Text
from service.wire.people import Person


class Waiting(Shape):
    """One thing that waits for me, in words, the act that does it, and the command for that.

    ``act`` is the act's name, such as ``request.decide``; each has a page.
    """

    what: Text
    account: str
    request: str
    act: str
    command: str
    due_at: str


class AccountFinding(Finding):
    """What is wrong in one account."""

    account: AccountId


class Home(Shape):
    """What waits for me, most urgent first, what is wrong, and the accounts that I may see.

    ``outside``: whether notices reach anyone beyond the service's machine. All of it is the
    service's word: a client shows it as that, and proves what it signs.
    """

    person: Person
    outside: bool
    waiting: list[Waiting]
    findings: list[AccountFinding]
    accounts: list[AccountSummary]
