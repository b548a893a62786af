/** What AWS reserves for the root user, word by word as `service/domain/tasks.py` has it. */

/** Name, title, and what to use instead where root is not needed. @type {string[][]} */
const CATALOGUE = [
  ["change-credentials", "change the root e-mail address, password or access keys"],
  ["close-account", "close a standalone account"],
  ["restore-admin", "restore the permissions of the only IAM administrator"],
  ["activate-billing-access", "activate IAM access to the Billing console"],
  ["billing", "a billing task that only root can do"],
  ["tax-invoice", "view certain tax invoices"],
  ["govcloud-sign-up", "sign up for AWS GovCloud (US)"],
  ["govcloud-keys", "ask AWS Support for GovCloud root access keys"],
  ["ri-marketplace-seller", "register as a seller in the RI Marketplace"],
  ["recover-kms-key", "recover an unmanageable KMS key with AWS Support"],
  ["link-mturk", "link the account to Mechanical Turk"],
  ["s3-mfa-delete", "switch MFA delete of an S3 bucket on or off"],
  ["s3-bucket-policy", "edit or delete an S3 bucket policy that denies everyone"],
  ["sqs-queue-policy", "edit or delete an SQS queue policy that denies everyone"],
  ["mfa-devices", "register, replace or remove root's MFA devices"],
  ["rotate-password", "change the root password"],
  ["transfer", "transfer the account to another owner"],
  ["first-admin", "create the first administrator"],
  ["drill", "a drill: exercise everything, show nothing"],
  ["account-name", "change the account's name", "an administrator role: account:PutAccountName"],
  [
    "contact-information",
    "change contact information",
    "an administrator role: account:PutContactInformation",
  ],
  [
    "alternate-contacts",
    "change alternate contacts",
    "an administrator role: account:PutAlternateContact",
  ],
  ["regions", "enable or disable Regions", "an administrator role: account:EnableRegion"],
  ["currency", "change the payment currency", "an administrator role with billing permissions"],
  [
    "support-plan",
    "change the support plan",
    "an administrator role with supportplans permissions",
  ],
  ["other", "something else, said in words"],
];

/**
 * `instead` is empty where root is needed. Without a prototype: a task is looked up by a text that
 * somebody else has signed.
 *
 * @type {Record<string, {title: string, instead: string}>}
 */
export const TASKS = Object.create(null);
for (const [name, title, instead = ""] of CATALOGUE) TASKS[name] = { title, instead };
