"""The catalogue of what one needs root for."""

import pytest

from service.domain.tasks import TASKS, UnknownTaskError, check_task


@pytest.mark.parametrize(
    ("task", "drill", "known"),
    [
        ("billing", False, True),
        ("other", False, True),
        ("regions", False, True),  # needs no root, and is taken all the same
        ("drill", True, True),
        ("drill", False, False),
        ("billing", True, False),
        ("other", True, False),
        ("", False, False),
        ("Billing", False, False),
        ("no such task", False, False),
        ("no such task", True, False),
    ],
)
def test_a_task_is_in_the_catalogue_and_a_drill_is_named_one(
    task: str, drill: bool, known: bool
) -> None:
    if known:
        check_task(task, drill=drill)
        return
    with pytest.raises(UnknownTaskError) as refused:
        check_task(task, drill=drill)
    assert refused.value.code == "unknown-task"
    assert "'other'" in refused.value.message


@pytest.mark.parametrize("task", TASKS)
def test_what_needs_no_root_says_what_to_use_instead(task: str) -> None:
    assert TASKS[task].title
    assert TASKS[task].needs_root == (TASKS[task].instead == "")


# Codes stand in signed requests for good: one may come, none may go or change its meaning.
ROOT_ONLY = (
    "change-credentials close-account restore-admin activate-billing-access billing tax-invoice "
    "govcloud-sign-up govcloud-keys ri-marketplace-seller recover-kms-key link-mturk s3-mfa-delete "
    "s3-bucket-policy sqs-queue-policy mfa-devices rotate-password transfer first-admin drill other"
)
NO_LONGER = "account-name contact-information alternate-contacts regions currency support-plan"


def test_the_catalogue_says_what_is_left_to_root_and_what_is_not() -> None:
    assert {task for task, about in TASKS.items() if about.needs_root} == set(ROOT_ONLY.split())
    assert {task for task, about in TASKS.items() if not about.needs_root} == set(NO_LONGER.split())
