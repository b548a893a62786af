"""What AWS reserves for the root user, and what it no longer does.

Source: AWS's page on tasks that require root user credentials, as of November 2026. A task that no
longer needs root says what to use instead; the service accepts it all the same, since nothing may
slow a real emergency.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain import errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A reason to be root. ``instead`` is said when ``needs_root`` is false."""

    title: str
    needs_root: bool = True
    instead: str = ""


def _elsewhere(title: str, instead: str) -> Task:
    return Task(title=title, needs_root=False, instead=instead)


TASKS: Mapping[str, Task] = {
    "change-credentials": Task(title="change the root e-mail address, password or access keys"),
    "close-account": Task(title="close a standalone account"),
    "restore-admin": Task(title="restore the permissions of the only IAM administrator"),
    "activate-billing-access": Task(title="activate IAM access to the Billing console"),
    "billing": Task(title="a billing task that only root can do"),
    "tax-invoice": Task(title="view certain tax invoices"),
    "govcloud-sign-up": Task(title="sign up for AWS GovCloud (US)"),
    "govcloud-keys": Task(title="ask AWS Support for GovCloud root access keys"),
    "ri-marketplace-seller": Task(title="register as a seller in the RI Marketplace"),
    "recover-kms-key": Task(title="recover an unmanageable KMS key with AWS Support"),
    "link-mturk": Task(title="link the account to Mechanical Turk"),
    "s3-mfa-delete": Task(title="switch MFA delete of an S3 bucket on or off"),
    "s3-bucket-policy": Task(
        title="edit or delete an S3 bucket policy that denies everyone",
    ),
    "sqs-queue-policy": Task(
        title="edit or delete an SQS queue policy that denies everyone",
    ),
    "mfa-devices": Task(title="register, replace or remove root's MFA devices"),
    "rotate-password": Task(title="change the root password"),
    "transfer": Task(title="transfer the account to another owner"),
    "first-admin": Task(title="create the first administrator"),
    "drill": Task(title="a drill: exercise everything, show nothing"),
    "account-name": _elsewhere(
        "change the account's name", "an administrator role: account:PutAccountName"
    ),
    "contact-information": _elsewhere(
        "change contact information", "an administrator role: account:PutContactInformation"
    ),
    "alternate-contacts": _elsewhere(
        "change alternate contacts", "an administrator role: account:PutAlternateContact"
    ),
    "regions": _elsewhere(
        "enable or disable Regions", "an administrator role: account:EnableRegion"
    ),
    "currency": _elsewhere(
        "change the payment currency", "an administrator role with billing permissions"
    ),
    "support-plan": _elsewhere(
        "change the support plan", "an administrator role with supportplans permissions"
    ),
    "other": Task(title="something else, said in words"),
}


class UnknownTaskError(errors.PolicyError):
    """The task is not in the catalogue; ``other`` with words takes everything else."""

    code = "unknown-task"
    default = "there is no such task; use 'other' and describe the task"


def check_task(task: str, *, drill: bool) -> None:
    """Refuse a task outside the catalogue, and a drill that is not named one (or the reverse)."""
    if task not in TASKS or (task == "drill") != drill:
        raise UnknownTaskError
