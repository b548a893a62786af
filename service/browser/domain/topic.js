/** The ARN of an SNS topic, read in one place: twin of `service/domain/topic.py`. */

const TOPIC = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:([0-9]{12}):[A-Za-z0-9_-]{1,256}$/;

/**
 * The account that owns a standard SNS topic; null where the text is no ARN of one.
 *
 * @param {string} arn
 * @returns {string | null}
 */
export function topicAccount(arn) {
  return TOPIC.exec(arn)?.[1] ?? null;
}
