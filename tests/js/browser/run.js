/** Runs the test files that the server names, and tells it what came of each test. */
import { results } from "./test.js";

/** @param {unknown} report @returns {Promise<Response>} */
const tell = (report) => fetch("/report", { method: "POST", body: JSON.stringify(report) });

const { files } = await (await fetch("/files")).json();
/** @type {{ name: string, error: string }[]} */
const found = [];
for (const file of files) {
  try {
    await import(file);
    for (const result of await results()) found.push({ ...result, name: `${file}: ${result.name}` });
  } catch (error) {
    found.push({ name: file, error: `${error}\n${error instanceof Error ? error.stack : ""}` });
  }
}
const said = `${found.length} tests, ${found.filter((one) => one.error !== "").length} failed`;
/** @type {HTMLElement} */ (document.getElementById("said")).textContent = said;
await tell({ agent: navigator.userAgent, found });
