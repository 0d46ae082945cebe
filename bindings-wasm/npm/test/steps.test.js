// The vectors that call something held step by step: calendars, and engines over the store in PostgreSQL.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test, { after } from "node:test";

import { PGlite } from "@electric-sql/pglite";
import { Calendar, CalendarPublishError, Engine } from "calendar-publish";
import { migrate, sqlStore } from "calendar-publish/stores";

import { root } from "./support/paths.js";
import { judge, tellCount } from "./support/vectors.js";

function vectorsOf(folder) {
  const path = join(root, "tests", folder);
  return readdirSync(path).map((file) => ({ file, ...JSON.parse(readFileSync(join(path, file), "utf8")) }));
}

/** The value that a JSON pointer without escapes leads to. */
const at = (value, pointer) => pointer.split("/").slice(1).reduce((inner, key) => inner[key], value);

/** The value with what was kept in place of its names, `"$job"`. */
function filled(value, kept) {
  if (typeof value === "string" && value.startsWith("$")) return kept[value.slice(1)];
  if (Array.isArray(value)) return value.map((item) => filled(item, kept));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filled(inner, kept)]));
}

/** Calls the method of that name; by document what no method can say. `run` of an engine is its worker. */
function ask(held, name, input) {
  const method = held instanceof Engine && name === "run" ? held.runOf : held[name];
  const takes = Object.keys(input).length > 0 ? 1 : 0;
  if (method === undefined || method.length < takes) return held.call(name, input);
  return method.call(held, input);
}

async function take(held, step, place, kept) {
  let answer;
  try {
    answer = await ask(held, step.call, filled(step.input, kept));
  } catch (error) {
    assert.ok(error instanceof CalendarPublishError, `${place}: ${error?.stack ?? error}`);
    assert.ok(step.error !== undefined, `${place}: was refused: ${error.message}`);
    judge(`${place}: error`, step.error, JSON.parse(JSON.stringify(error)));
    return;
  }
  assert.ok(step.error === undefined, `${place}: was answered: ${JSON.stringify(answer)}`);
  for (const [name, pointer] of Object.entries(step.keep ?? {})) kept[name] = at(answer, pointer);
  judge(`${place}: answer`, filled(step.expected, kept), answer);
}

const taken = { "calendar steps": 0, "engine steps": 0 };

async function run(held, vector, kind) {
  const kept = {};
  for (const [index, step] of vector.steps.entries()) {
    await take(held, step, `${vector.file}: step ${index}, ${step.call}`, kept);
    taken[kind] += 1;
  }
}

for (const vector of vectorsOf("vectors-calendar")) {
  test(`a calendar: ${vector.name}`, () => {
    return run(Calendar.load(JSON.stringify(vector.document), vector.now), vector, "calendar steps");
  });
}

for (const vector of vectorsOf("vectors-engine")) {
  test(`an engine: ${vector.name}`, async () => {
    const database = new PGlite();
    await migrate((sql) => database.exec(sql));
    const ports = {
      store: sqlStore((sql, params) => database.query(sql, params)),
      transport: { send: () => assert.fail("nobody is to be spoken to") },
      tokens: { accessToken: assert.fail, replacement: assert.fail },
      clock: { now: () => Date.parse(vector.now), sleep: () => new Promise(() => {}) },
    };
    const engine = new Engine(ports, vector.settings);
    await run(engine, vector, "engine steps");
    engine.free();
    await database.close();
  });
}

after(() => {
  for (const [kind, count] of Object.entries(taken)) tellCount(count, kind);
});
