"""A notice to send."""

from datetime import UTC, datetime

from service.domain.events import Severity
from service.domain.notices import Notice

TOPIC = "arn:aws:sns:eu-central-1:222222222222:breakglass"
NOTICE = Notice(
    event_id="breakglass.example/log/7",
    account="111122223333",
    action="request:opened",
    severity=Severity.URGENT,
    at=datetime(2026, 11, 23, 9, 0, 0, tzinfo=UTC),
    subject="breakglass URGENT 111122223333: Ada asks to be root",
    body="José asks to be root.\n",
)
