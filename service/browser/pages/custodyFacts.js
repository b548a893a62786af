/** What was verified of an envelope and my share of it, in words. */

/**
 * @param {any} prepared as `prepareConfirm` and `preparePaper` return it
 * @returns {Record<string, string>}
 */
export function custodyFacts({ envelope, roster, group, threshold, sealerName, chain, me }) {
  const all = roster.groups[group].custodians.length;
  return {
    version: String(envelope.version),
    envelope: envelope.id,
    manifest: envelope.digest,
    name: roster.name,
    roster: String(roster.version),
    sealer: sealerName,
    me: me ? chain.nameOf(me.person) : "",
    needed: `${threshold} of ${all} shares of this group`,
  };
}
