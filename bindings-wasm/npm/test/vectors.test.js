// What every operation answers: the same files run against every language.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test, { after } from "node:test";

import * as library from "calendar-publish";

import { vectorsFolder } from "./support/paths.js";
import { runVector, tellCount } from "./support/vectors.js";

const operations = readdirSync(vectorsFolder).filter((name) => !name.startsWith("."));
let count = 0;

for (const operation of operations) {
  test(`the vectors of ${operation}`, () => {
    assert.equal(typeof library[operation], "function");
    for (const file of readdirSync(join(vectorsFolder, operation))) {
      runVector(readFileSync(join(vectorsFolder, operation, file), "utf8"), `${operation}/${file}`);
      count += 1;
    }
  });
}

after(() => tellCount(count, "operations"));
