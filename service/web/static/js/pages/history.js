/** History: this device checks that the log has only grown since it last looked. */
import { checkLog } from "../client/logWatch.js";
import { byId, oneLine, text } from "./dom.js";
import { showRefusal } from "./refusal.js";

const checked = byId("checked");
try {
  const warnings = await checkLog();
  text(
    checked,
    warnings.length === 0
      ? "checked: nothing of the log that this device has seen was changed"
      : warnings.map(oneLine).join(" "),
  );
  checked.className = warnings.length === 0 ? "tag ok" : "tag wait";
} catch (error) {
  text(checked, "the log was not checked");
  checked.className = "tag wait";
  showRefusal(error);
}
