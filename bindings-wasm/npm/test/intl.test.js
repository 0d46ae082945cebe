// `calendar-publish/intl` in Node, as a server renders with it what a browser goes on with.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import test from "node:test";

import { forServers } from "./support/for-servers.js";
import { vectorsFolder } from "./support/paths.js";
import { runVector, withoutAbbreviations } from "./support/vectors.js";

/** The zones that `Intl` was asked for. */
const asked = new Set();
Intl.DateTimeFormat = class extends Intl.DateTimeFormat {
  constructor(locale, options) {
    super(locale, options);
    asked.add(options?.timeZone);
  }
};

const imported = await import("calendar-publish/intl");
const required = createRequire(import.meta.url)("calendar-publish/intl");

for (const [how, library] of [["imported", imported], ["required", required]]) {
  test(`every vector holds when it is ${how}`, () => {
    let count = 0;
    for (const operation of readdirSync(vectorsFolder).filter((name) => !name.startsWith("."))) {
      if (forServers.includes(operation)) {
        assert.throws(() => library.call(operation, {}), { code: "OPERATION_UNKNOWN" });
        assert.equal(library[operation], undefined);
        continue;
      }
      for (const file of readdirSync(join(vectorsFolder, operation))) {
        const text = withoutAbbreviations(readFileSync(join(vectorsFolder, operation, file), "utf8"));
        runVector(text, `${operation}/${file}`, library);
        count += 1;
      }
    }
    assert.ok(count >= 750, `${count} vectors`);
  });

  test(`zones come from Intl when it is ${how}`, async () => {
    await library.ready();
    asked.clear();
    // A zone that no vector has: formats are kept.
    const zone = "Pacific/Chatham";
    const { instant } = library.resolveTime({ date: "2026-04-02", time: "10:00", zone });
    assert.equal(instant, "2026-04-01T20:15:00Z");
    assert.deepEqual([...asked], [zone]);
    assert.throws(() => library.resolveTime({ date: "2026-04-02", time: "10:00", zone: "Mars/Olympus" }), {
      code: "ZONE_UNKNOWN",
    });
  });
}
