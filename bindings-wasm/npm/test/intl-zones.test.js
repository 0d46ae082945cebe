import assert from "node:assert/strict";
import { test } from "node:test";

import { knowsZone, zoneOffset } from "../src/intl-zones.js";

const HOUR = 3600;

test("names and links of the IANA database are known", () => {
  for (const name of [
    "Europe/Madrid",
    "America/Argentina/Buenos_Aires",
    "America/Port-au-Prince",
    "Africa/Dar_es_Salaam",
    "Antarctica/DumontDUrville",
    "Asia/Calcutta",
    "Asia/Kolkata",
    "US/East-Indiana",
    "Etc/GMT+3",
    "EST5EDT",
    "W-SU",
    "GMT0",
    "UTC",
  ]) {
    assert.ok(knowsZone(name), name);
  }
});

test("what only Intl takes for a zone is unknown", () => {
  for (const name of [
    "europe/madrid",
    "EUROPE/MADRID",
    "America/Buenos_aires",
    "Europe/Atlantis",
    "utc",
    "PST",
    "IST",
    "SystemV/PST8",
    "+01:00",
    "GMT+3",
    "Europe/",
    "",
  ]) {
    assert.ok(!knowsZone(name), name);
  }
});

test("every zone that Intl lists is spelled as the IANA database spells it", () => {
  const names = Intl.supportedValuesOf("timeZone");
  assert.ok(names.length > 400, `${names.length} zones`);
  assert.deepEqual(
    names.filter((name) => !knowsZone(name)),
    [],
  );
});

test("offsets are told to the second, on both sides of UTC", () => {
  const offset = (name, instant) => (assert.ok(knowsZone(name)), zoneOffset(name, Date.parse(instant)));
  assert.equal(offset("Europe/Madrid", "2026-03-29T00:59:59Z"), HOUR);
  assert.equal(offset("Europe/Madrid", "2026-03-29T01:00:00Z"), 2 * HOUR);
  assert.equal(offset("America/New_York", "2026-07-01T00:00:00Z"), -4 * HOUR);
  assert.equal(offset("Asia/Kathmandu", "2026-07-01T00:00:00Z"), 5 * HOUR + 45 * 60);
  assert.equal(offset("America/St_Johns", "2026-01-01T00:00:00Z"), -(3 * HOUR + 30 * 60));
  assert.equal(offset("Europe/London", "2026-01-01T00:00:00Z"), 0);
  assert.equal(offset("Etc/GMT+3", "2026-01-01T00:00:00Z"), -3 * HOUR);
  // Madrid was 14 min 44 s behind Greenwich until 1901.
  assert.equal(offset("Europe/Madrid", "1850-01-01T00:00:00Z"), -(14 * 60 + 44));
});
