// Judges answers by the vectors, as `tests/src/lib.rs` does.

import * as main from "calendar-publish";

/** Runs a vector with `library`, its input to the letter; throws with what differs. */
export function runVector(text, file, { CalendarPublishError, callText } = main) {
  const vector = JSON.parse(text);
  const place = `${file}: ${vector.name}`;
  let answer;
  try {
    answer = JSON.parse(callText(vector.operation, memberOf(text, "input")));
  } catch (error) {
    if (!(error instanceof CalendarPublishError)) throw error;
    if (vector.error === undefined) throw new Error(`${place}: was refused: ${error.message}`);
    return judge(`${place}: error`, vector.error, JSON.parse(JSON.stringify(error)));
  }
  if (vector.error !== undefined) {
    throw new Error(`${place}: was answered: ${JSON.stringify(answer)}`);
  }
  judge(`${place}: answer`, vector.expected, answer);
}

/** The text of a member of the document: what `JSON.parse` gives has lost large numbers and the layout. */
function memberOf(text, name) {
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
  let depth = 0;
  let start;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match;
    if (found === "}" || found === "]") depth -= 1;
    if (start !== undefined && (depth === 0 || (depth === 1 && found === ","))) {
      return text.slice(start, match.index);
    }
    if (depth === 1 && start === undefined && found === JSON.stringify(name)) {
      start = token.exec(text).index + 1;
    }
    if (found === "{" || found === "[") depth += 1;
  }
  throw new Error(`the document has no member "${name}"`);
}

/**
 * Fields the expectation doesn't name aren't judged, `null` stands for absent, lists must agree in length
 * and order, numbers in value.
 */
export function judge(path, expected, actual) {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) {
      throw new Error(`${path}: expected ${expected.length} items, got ${JSON.stringify(actual)}`);
    }
    expected.forEach((item, index) => judge(`${path}[${index}]`, item, actual[index]));
  } else if (isObject(expected) && isObject(actual)) {
    for (const [name, value] of Object.entries(expected)) {
      judge(`${path}.${name}`, value, actual[name] ?? null);
    }
  } else if (expected !== actual) {
    throw new Error(`${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
  }
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** The text of a vector as it holds for zones from `Intl`, which has no abbreviations but that of UTC. */
export const withoutAbbreviations = (text) => text.replaceAll(/TZNAME:(?!UTC).*?\\r\\n/g, "");

/** Says how many vectors of a kind ran, as every language's tests do: the gate holds it against the folders. */
export const tellCount = (count, kind) => console.log(`vectors: ${count} ${kind}`);
