// Reads pairs of texts as JSON from standard input and says which do not parse to the same code.
import ts from "typescript";

/** @param {string} text */
function code(text) {
  const file = ts.createSourceFile("module.js", text, ts.ScriptTarget.ES2022, true);
  const errors = /** @type {any} */ (file).parseDiagnostics.length;
  return errors ? "" : ts.createPrinter({ removeComments: true }).printFile(file);
}

let input = "";
for await (const part of process.stdin) input += part;
const pairs = Object.entries(JSON.parse(input));
const differ = pairs.filter(([, [one, other]]) => !code(one) || code(one) !== code(other));
process.stdout.write(JSON.stringify(differ.map(([path]) => path)));
