// Reads modules as JSON from standard input, and answers the changes that make a mutant of each:
// start and end in characters as Python counts them, and the text that takes their place.
import ts from "typescript";

const OPERATORS = {
  "<": "<=", "<=": "<", ">": ">=", ">=": ">", "===": "!==", "!==": "===",
  "&&": "||", "||": "&&", "??": "&&",
};

/** @param {string} text */
function parsed(text) {
  return ts.createSourceFile("module.js", text, ts.ScriptTarget.ES2022, true);
}

/** @param {ts.Expression} expression */
function isCall(expression) {
  const inner = ts.isAwaitExpression(expression) ? expression.expression : expression;
  return ts.isCallExpression(inner);
}

/** @param {ts.Node} node @returns {[ts.Node, string][]} */
function changes(node) {
  if (ts.isBinaryExpression(node)) {
    const after = /** @type {Record<string, string>} */ (OPERATORS)[node.operatorToken.getText()];
    return after ? [[node.operatorToken, after]] : [];
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return [[node, node.operand.getText()]];
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [[node, "false"]];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [[node, "true"]];
  if (ts.isNumericLiteral(node) && Number.isSafeInteger(Number(node.text)))
    return [[node, `${Number(node.text) + 1}`], [node, `(${Number(node.text) - 1})`]];
  if (ts.isThrowStatement(node)) return [[node, ";"]];
  if (ts.isExpressionStatement(node) && isCall(node.expression)) return [[node, ";"]];
  if (ts.isIfStatement(node)) {
    const body = node.thenStatement;
    const last = ts.isBlock(body) ? body.statements.at(-1) : body;
    return last && ts.isReturnStatement(last) ? [[last, ";"]] : [];
  }
  return [];
}

/** @param {string} text */
function mutants(text) {
  const file = parsed(text);
  /** @type {[number, number, string][]} */
  const found = [];
  const characters = (/** @type {number} */ end) => [...text.slice(0, end)].length;
  const visit = (/** @type {ts.Node} */ node) => {
    for (const [place, after] of changes(node)) {
      const [start, end] = [place.getStart(), place.getEnd()];
      const changed = parsed(text.slice(0, start) + after + text.slice(end));
      if (/** @type {any} */ (changed).parseDiagnostics.length === 0)
        found.push([characters(start), characters(end), after]);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

let input = "";
for await (const part of process.stdin) input += part;
const modules = Object.entries(JSON.parse(input));
process.stdout.write(JSON.stringify(modules.map(([path, text]) => [path, mutants(text)])));
