/** The operator's page: invite, take back, register an account, set where its notices go. */

import {
  endAllSessions,
  invite,
  registerAccount,
  setChannel,
  withdrawRole,
} from "../acts/people.js";
import { awsAccount } from "../domain/account.js";
import { topicAccount } from "../domain/topic.js";
import { accountId } from "../domain/typed.js";
import { act } from "./act.js";
import { all, byId, goOn, oneLine, text } from "./dom.js";
import { besides, check, chosen, guard, value } from "./form.js";

const REGISTERED = "Registered. Next: draft who counts in it.";
const NO_ACCOUNT = "An account id has twelve digits; a further line has a point and its number after them.";
const NO_TOPIC = "That is no ARN of an SNS topic.";

/** Whether somebody signs in with this address already. @param {string} email */
const enrolled = (email) => all("[data-enrolled]").some((one) => one.dataset.enrolled === email.toLowerCase());

/** @param {string} id */
const button = (id) => /** @type {HTMLButtonElement} */ (byId(id));
/** @param {string} topic @param {string} account */
const inside = (topic, account) => topicAccount(topic) === awsAccount(account);
/** @param {string} topic */
const isTopic = (topic) => topic === "" || topicAccount(topic) !== null;
const account = () => accountId(value("account"));
const INSIDE = "This topic stands in the account itself: whoever is root there could silence it.";

guard(byId("invite-form"), button("invite-it"), () =>
  check(byId("invite-form"), [
    ["invite_name", value("invite_name") !== "", "Say the name."],
    ["invite_email", /^[^@\s]+@[^@\s]+$/.test(value("invite_email")), "That is no e-mail address."],
  ]),
);
act(button("invite-it"), {
  needsKey: false,
  run: () =>
    besides({ taken: "invite_email", malformed: "invite_name" }, () =>
      invite({
        email: value("invite_email"),
        name: value("invite_name"),
        operator: chosen("invite_role") === "operator",
        auditor: chosen("invite_role") === "auditor",
      }),
    ),
  said: () => "The link is made. It is shown this once.",
  then: (/** @type {any} */ made) => {
    const heading = document.querySelector("h1");
    if (heading) text(heading, `Hand the link to ${oneLine(value("invite_name"))}`);
    byId("invited-replaces").hidden = !enrolled(value("invite_email"));
    text(byId("invited-name"), value("invite_name"));
    text(byId("invited-ends"), `${made.expires_at.slice(0, 16).replace("T", " ")} UTC`);
    text(byId("link"), made.url);
    byId("invited").hidden = false;
    byId("link").focus();
    /** @type {HTMLFormElement} */ (byId("invite-form")).reset();
  },
});
byId("copy-link").addEventListener("click", () => {
  navigator.clipboard.writeText(byId("link").textContent ?? "").then(
    () => text(byId("copied"), "Copied."),
    () => text(byId("copied"), "The browser did not let it be copied: select it."),
  );
});

/** Whether the chosen person has the role that is to be taken back; sessions anybody may have. */
function holds() {
  const list = /** @type {HTMLSelectElement} */ (byId("back_person"));
  const roles = list.selectedOptions[0]?.dataset.roles ?? "";
  return chosen("back_what") === "sessions" || roles.split(" ").includes(chosen("back_what"));
}

guard(byId("back-form"), button("back-it"), () =>
  check(byId("back-form"), [["back_person", holds(), "They do not have this role."]]),
);
act(button("back-it"), {
  run: () =>
    besides({ "wrong-state": "back_person", "last-operator": "back_person" }, () =>
      chosen("back_what") === "sessions"
        ? endAllSessions(value("back_person"))
        : withdrawRole(value("back_person"), chosen("back_what")),
    ),
  said: () => "Taken back. Everybody is told.",
});

guard(byId("register-form"), button("register-it"), () =>
  check(byId("register-form"), [
    ["account", account() !== "", NO_ACCOUNT],
    ["topic", isTopic(value("topic")), NO_TOPIC],
    ["topic", !inside(value("topic"), account()), INSIDE],
  ]),
);
act(button("register-it"), {
  needsKey: false,
  run: () =>
    besides({ taken: "account", "circular-channel": "topic" }, () =>
      registerAccount(account(), value("topic")),
    ),
  said: () => REGISTERED,
  then: () => goOn(`/accounts/${account()}/draft`, REGISTERED),
});

if (document.getElementById("channel-form")) {
  guard(byId("channel-form"), button("channel-it"), () =>
    check(byId("channel-form"), [
      ["channel_topic", isTopic(value("channel_topic")), NO_TOPIC],
      ["channel_topic", !inside(value("channel_topic"), value("channel_account")), INSIDE],
    ]),
  );
  act(button("channel-it"), {
    needsKey: false,
    run: () =>
      besides({ "circular-channel": "channel_topic" }, () =>
        setChannel(value("channel_account"), value("channel_topic")),
      ),
    said: () => "Notices of this account go there now.",
  });
}
