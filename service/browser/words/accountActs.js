/**
 * What a person may do in an account: page, name, and why now. Pure. Roles and what is due are the
 * service's word and decide only which links are shown; each page verifies before anything is signed.
 */

/**
 * @typedef {{path: string, words: string, due: boolean, why: string}} Step `due`: it waits for them
 * @typedef {object} Told the service's word
 * @property {string} account
 * @property {readonly string[]} toldRoles as the API has them
 * @property {string} toldInForce the envelope in force, or empty
 * @property {string} toldNewest the newest envelope, or empty
 * @property {string} toldRetiredSince empty if the line is not retired
 * @property {ReadonlySet<string>} toldActs what waits for them in this account, such as `roster.sign`
 */

const BEGIN = new Set(["sealer", "requester", "operator"]); // in a retired line nothing new is taken

/**
 * All that they may do, what waits for them first.
 *
 * @param {Told} told
 * @returns {Step[]}
 */
export function accountActs({ account, toldRoles, toldInForce, toldNewest, toldRetiredSince, toldActs }) {
  const roles = new Set(toldRoles.filter((role) => !toldRetiredSince || !BEGIN.has(role)));
  const custodian = roles.has("custodian:password") || roles.has("custodian:mfa");
  const step = (/** @type {string} */ page, /** @type {string} */ words, due = false, why = "") => ({
    path: `/accounts/${encodeURIComponent(account)}/${page}`,
    words,
    due,
    why: due ? why : "",
  });
  const has = (/** @type {string} */ act) => toldActs.has(act);
  const found = [];
  if (has("roster.sign")) {
    found.push(step("roster", "Read and sign the roster", true, "A draft waits for your signature."));
  }
  if (has("envelope.confirm")) {
    found.push(step("confirm", "Confirm my share", true, "It is not known yet whether your share opens."));
  }
  if (roles.has("sealer")) {
    const why = toldNewest ? "Change the password at AWS first." : "Nothing is sealed yet.";
    found.push(step("seal", "Seal a password", has("envelope.seal"), why));
  }
  if (roles.has("requester") && toldInForce) {
    found.push(step("ask", "Ask to be root"), step("drill", "Ask for a drill"));
  }
  if (custodian && toldNewest) found.push(step("paper", "Print my share"));
  if (roles.has("operator")) {
    const why = "Its people have changed, or there is no roster yet.";
    found.push(step("draft", "Draft a roster", has("roster.draft"), why));
  }
  return [...found.filter(({ due }) => due), ...found.filter(({ due }) => !due)];
}
