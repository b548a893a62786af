/** History: this device checks that the log has only grown since it last looked. */
import { verifiedHead } from "../log/head.js";
import { headWords } from "../words/log.js";
import { heardWitnesses } from "../log/witnesses.js";
import { byId, oneLine, say, text } from "./dom.js";
import { showRefusal } from "./refusal.js";

const checked = byId("checked");
const TAGS = { good: "tag ok", late: "tag wait", wrong: "tag bad" };
try {
  const { checkpoint, news } = await verifiedHead();
  if (news.length) say(news.join(" "));
  const { text: words, tone } = headWords(checkpoint.size, await heardWitnesses());
  text(checked, oneLine(words));
  checked.className = TAGS[tone];
} catch (error) {
  text(checked, "the log was not checked");
  checked.className = "tag wait";
  showRefusal(error);
}
