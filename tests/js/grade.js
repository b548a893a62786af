/**
 * Grades the headers of one site on this machine as MDN's HTTP Observatory grades those of others.
 *
 * Called with a name and two ports, for http and https. Prints JSON: the grade, the score, and for
 * each of its tests what it found. The list of preloaded sites, which the package would fetch when
 * it is installed, is an empty one here.
 */
import { existsSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const here = "./node_modules/@mdn/mdn-http-observatory/";
const preloaded = fileURLToPath(new URL(`${here}conf/hsts-preload.json`, import.meta.url));
if (!existsSync(preloaded)) writeFileSync(preloaded, "{}");

const { retrieve } = await import(`${here}src/retriever/retriever.js`);
const { ALL_TESTS } = await import(`${here}src/constants.js`);
const grader = await import(`${here}src/grader/grader.js`);
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await import(`${here}src/grader/charts.js`);

const [name, httpPort, httpsPort, path] = process.argv.slice(2);
const found = await retrieve(name, { httpPort, httpsPort, path });
if (!found.responses.auto) throw new Error("the site does not answer");

// What scanner/index.js does with a public site, whose ports nobody can choose there.
const results = ALL_TESTS.map((test) => test(found));
const modifiers = results.map((result) => grader.getScoreModifier(result.result));
const sum = (numbers) => numbers.reduce((total, one) => total + one, 100);
const plain = sum(modifiers.filter((one) => one < 0));
const score = plain >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? sum(modifiers) : plain;

const tests = results.map((result, at) => ({
  name: result.constructor.name,
  pass: result.pass,
  result: result.result,
  modifier: modifiers[at],
}));
console.log(
  JSON.stringify({
    grade: grader.getGradeForScore(score).grade,
    score,
    status: found.responses.auto.status,
    verified: found.responses.auto.verified,
    tests,
  }),
);
process.exit(0);
