/** A verified request as `trust/shown` yields it, made by hand: what the words are tried on. */

const MFA = ["dea", "eli", "fay"];
const PASSWORD = ["ann", "bob", "cem"];
export const ASKED_AT = new Date("2026-05-06T14:00:00Z");
export const minute = (n) => new Date(ASKED_AT.getTime() + n * 60_000);

/** One version of a roster; `more` replaces parts of it. */
export function roster(digest, more = {}) {
  const people = [...PASSWORD, ...MFA, "ria", "sal"];
  return {
    digest,
    groups: {
      password: { threshold: 2, custodians: PASSWORD },
      mfa: { threshold: 1, custodians: MFA },
    },
    requesters: ["ria"],
    sealers: ["sal", "cem"],
    members: new Map(people.map((person) => [person, { person, identity: `${person}/1` }])),
    ...more,
  };
}

/** A decision as it was verified. */
export const decided = (custodian, approves, seq, reason = "") => ({
  custodian,
  group: MFA.includes(custodian) ? "mfa" : "password",
  approves,
  reason,
  seq,
  at: minute(seq),
});

/** A further word as it was verified. */
export const word = (kind, seq, payload) => ({ kind, seq, at: minute(seq), payload });

/** The whole; `request`, `decisions`, `further` and rosters can be given. */
export function asked({ request = {}, decisions = [], further = [], rosters = [roster("r1")], holders } = {}) {
  const [first] = rosters;
  const all = [...PASSWORD.map((one) => `password ${one}`), ...MFA.map((one) => `mfa ${one}`)];
  const chain = {
    rosters,
    newest: rosters.at(-1),
    named: (digest) => rosters.find((one) => one.digest === digest),
    nameOf: (person) => (person ? person[0].toUpperCase() + person.slice(1) : ""),
  };
  const about = {
    roster: first,
    request: {
      requester: "ria",
      roster: first.digest,
      manifest: "m1",
      lifetime: 3600,
      window: 900,
      drill: false,
      offline: false,
      reason: "the pager is on fire",
      enteredAt: ASKED_AT,
      expiresAt: minute(60),
      ...request,
    },
  };
  const envelope = { digest: "m1", roster: first.digest, holders: new Set(holders ?? all) };
  return { about, chain, envelope, decisions, further };
}
