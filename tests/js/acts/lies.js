/** A service between a person and the real one that changes answers: each lie has its code. */

import assert from "node:assert/strict";

import { get } from "../../../service/browser/link/api.js";
import * as watching from "../../../service/browser/log/watch.js";
import * as people from "../../../service/browser/acts/people.js";
import * as sealing from "../../../service/browser/acts/sealing.js";
import { fetchRequest } from "../../../service/browser/acts/requests.js";
import * as slots from "../../../service/browser/acts/slots.js";
import * as deciding from "../../../service/browser/acts/deciding.js";
import { ACCOUNT, kept, refused, who } from "./organisation.js";

/** A service that lies between looking and approving: nothing is signed. */
export async function lied(person, shown) {
  const { id } = shown.about.request;
  const approve = () => person.act((identity) => deciding.approve(shown, identity));
  const lying = async (path, lie, code) => {
    person.lies.set(`/api/v1${path}`, lie);
    await assert.rejects(approve(), refused(code));
    person.lies.clear();
  };
  const { encryption_key } = await who("Ann").in(() => people.me());
  await lying("/people/me", (me) => ({ ...me, encryption_key }), "other-identity");
  const swapped = ({ slots: mine }) => ({
    slots: mine.map((slot, place) => ({ ...slot, wrapped_root: mine.at(place - 1).wrapped_root })),
  });
  await lying("/slots", swapped, "wrong-slot");
  const other = await person.in(() => get(`/requests/${kept.drill}`));
  await lying(`/requests/${id}`, () => other, "request-replaced");
  const superseded = (detail) => ({ ...detail, manifest_state: "superseded", receipts: [] });
  await lying(`/requests/${id}`, superseded, "receipt-missing");
  const forged = (detail) => ({
    ...detail,
    receipts: detail.receipts.map((one) => ({ ...one, signatures: detail.manifest.signatures })),
  });
  await lying(`/requests/${id}`, forged, "receipt-forged");
  await liedAboutIdentities(person, id);
  const posted = person.sent.filter((one) => one.path === `/api/v1/requests/${id}/decisions`);
  assert.deepEqual(posted, []);
}

/** Identities beside the chain: left out, without their own signature, someone else's in place. */
async function liedAboutIdentities(person, request) {
  const lying = async (lie, code) => {
    person.lies.set(`/api/v1/accounts/${ACCOUNT}/rosters`, lie);
    await assert.rejects(
      person.in(() => fetchRequest(request)),
      refused(code),
    );
    person.lies.clear();
  };
  const telling = (change) => (shown) => ({ ...shown, identities: change(shown.identities) });
  await lying(telling((all) => all.slice(1)), "identity-missing");
  await lying(telling(([one, ...rest]) => [rest[0], ...rest]), "identity-missing");
  const signedBy = (one, { signatures }) => ({ ...one, signatures });
  const forged = telling(([one, other, ...rest]) => [signedBy(one, other), other, ...rest]);
  await lying(forged, "identity-forged");
  await lying(telling(() => undefined), "identity-forged");
}

/** A topic that no topic is, or that root of the account itself could silence: nothing is sealed. */
export async function liedAboutTopic(sealer, account) {
  const lying = async (arn, code) => {
    sealer.lies.set(`/api/v1/accounts/${account}`, (detail) => ({ ...detail, sns_topic_arn: arn }));
    await assert.rejects(
      sealer.in(() => sealing.prepareSeal(account)),
      refused(code),
    );
    sealer.lies.clear();
  };
  await lying("arn:aws:sns:made-up", "server-answer");
  await lying(`arn:aws:sns:eu-central-1:${account}:alerts`, "circular-channel");
}

/** After an act, a log that is not the one seen before is an alarm. */
export async function forkedLog() {
  const ann = who("Ann");
  const rewound = (answer) => ({ ...answer, checkpoint: kept.checkpoint, consistency: [] });
  const path = (size) => `/api/v1/checkpoint?seen=${size}`;
  const seen = await ann.memory.get("checkpoint", "log");
  const size = Number(seen.checkpoint.split("\n")[1]);
  ann.lies.set(path(size), rewound);
  await assert.rejects(ann.in(() => watching.checkLog()), refused("log-rewound"));
  ann.lies.set(path(size), (answer) => ({ ...answer, consistency: [] }));
  await assert.rejects(ann.in(() => watching.checkLog()), refused("log-forked"));
  const renamed = (answer) => ({ ...answer, verifier_key: `x${answer.verifier_key}` });
  ann.lies.set(path(size), renamed);
  await assert.rejects(ann.in(() => watching.checkLog()), refused("log-key-changed"));
  ann.lies.clear();
  assert.deepEqual(await ann.in(() => watching.checkLog()), []);
}

/** Another person's id in what is asked for a new way in: none is made under it, and none changed. */
export async function liedAboutOwner(person) {
  const me = "/api/v1/people/me";
  const other = who("Bob").id;
  const prepared = await person.in(() => slots.preparePhrase());
  const phrase = prepared.words.join(" ");
  const [mine] = await person.in(() => slots.list());
  const acts = [
    (identity) => slots.addPasskey(identity),
    (identity) => slots.replacePhrase(prepared, phrase, identity),
    (identity) => slots.remove(identity, mine.slot),
  ];
  const kept = person.credentials.kept.length;
  for (const act of acts) {
    let asked = 0; // once for unlocking, and then for the act
    person.lies.set(me, (answer) => (asked++ === 0 ? answer : { ...answer, person: other }));
    await assert.rejects(person.act(act), refused("other-identity"));
    person.lies.clear();
  }
  const handle = btoa(String.fromCharCode(...Buffer.from(other.replaceAll("-", ""), "hex")));
  person.lies.set("/api/v1/slots/passkey-options", (answer) => ({ ...answer, user_id: handle }));
  await assert.rejects(person.act(acts[0]), refused("other-user"));
  person.lies.clear();
  assert.equal(person.credentials.kept.length, kept, "no passkey was made");
}
