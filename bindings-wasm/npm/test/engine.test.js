// The engine over ports in JavaScript: what they throw is an answer, never a crash.

import assert from "node:assert/strict";
import test from "node:test";

import { PGlite } from "@electric-sql/pglite";
import { CalendarPublishError, Engine } from "calendar-publish";

import { migrate, sqlStore } from "calendar-publish/stores";
import { fetchTransport } from "calendar-publish/transport";

const user = "018f0000-0000-7000-8000-0000000000b1";
const account = {
  id: "018f0000-0000-7000-8000-0000000000a1",
  userId: user,
  channel: "instagram",
  externalAccountId: "17841400000000000",
  displayName: "@pan",
  timezone: "Europe/Madrid",
  status: "ok",
};
const on = { settings: [{ name: "PUBLISH_SERVICE_ENABLED", value: "true" }], instagram: {} };
const tokens = {
  accessToken: async () => ({ token: "token", version: 1 }),
  replacement: async () => ({ token: "token", version: 2 }),
};
const ports = (store, more) => ({ store, transport: fetchTransport(), tokens, ...more });

const refusedBy = async (promise) => {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof CalendarPublishError, `${error?.stack ?? error}`);
    return error;
  }
  assert.fail("nothing was refused");
};

test("a cron job ticks an engine over PostgreSQL", async () => {
  const database = new PGlite();
  const query = (sql, params) => database.query(sql, params);
  await migrate((sql) => database.exec(sql));
  const events = [];
  const telemetry = { record: (event) => events.push(event.event) };
  const engine = new Engine(ports(sqlStore(query), { telemetry }), on);
  await engine.putAccount(account);
  const [stored] = await engine.accounts({ userId: user });
  assert.equal(stored.displayName, "@pan");
  const stranger = await engine.accounts({ userId: "018f0000-0000-7000-8000-0000000000b2" });
  assert.deepEqual(stranger, []);
  const report = await engine.tick({ limit: 10 });
  assert.equal(report.claimed, 0);
  assert.ok(events.includes("worker"), `${events}`);
  await database.close();
});

test("what a store throws is told as it is, and the engine goes on", async () => {
  let failure = new Error("the connection is gone");
  const store = {
    accounts: async () => {
      throw failure;
    },
  };
  const engine = new Engine(ports(store), on);
  const unavailable = await refusedBy(engine.accounts({ userId: user }));
  assert.equal(unavailable.code, "STORE_UNAVAILABLE");
  assert.equal(unavailable.retryable, true);
  assert.ok(unavailable.messageFor("es"));
  for (const thrown of ["text", undefined, null, 7, { any: "thing" }]) {
    failure = thrown;
    assert.equal((await refusedBy(engine.accounts({ userId: user }))).code, "STORE_UNAVAILABLE");
  }
  store.accounts = async () => 7;
  assert.equal((await refusedBy(engine.accounts({ userId: user }))).code, "STORE_CORRUPT");
  assert.equal((await refusedBy(engine.tick({ limit: 1 }))).code, "STORE_UNAVAILABLE");
});

test("without the flag nothing is published", async () => {
  const engine = new Engine(ports({}), { instagram: {} });
  assert.equal((await refusedBy(engine.tick({ limit: 1 }))).code, "FLAG_OFF");
});

test("settings, operations and documents that don't fit are refused with their path", async () => {
  assert.throws(
    () => new Engine(ports({}), { lease: 5 }),
    (error) => error instanceof CalendarPublishError && error.path === "lease",
  );
  const engine = new Engine(ports({}), on);
  assert.equal((await refusedBy(engine.call("fly", {}))).code, "OPERATION_UNKNOWN");
  assert.equal((await refusedBy(engine.tick({ limit: "x" }))).path, "limit");
  engine.free();
  assert.equal((await refusedBy(engine.tick({ limit: 1 }))).code, "HANDLE_CLOSED");
});

test("sealing keys that make no sense are refused where they stand, and not shown", () => {
  const key = "c2VhbGluZyBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyE=";
  new Engine(ports({}), { ...on, sealingKeys: [{ id: "2026-11", key }, { id: "2026-10", key }] }).free();
  const cases = [
    [[], "FIELD_VALUE_INVALID", "sealingKeys"],
    [[{ id: "a", key: "c2hvcnQ=" }], "FIELD_VALUE_INVALID", "sealingKeys[0].key"],
    [[{ id: "a", key: `#${key}` }], "FIELD_VALUE_INVALID", "sealingKeys[0].key"],
    [[{ id: "a", key }, { id: "a", key }], "ID_DUPLICATE", "sealingKeys[1].id"],
    [[{ id: "a", key: process.env.NOT_SET_ANYWHERE }], "INPUT_INVALID", "sealingKeys[0].key"],
    [`a:${key}`, "INPUT_INVALID", "sealingKeys"],
  ];
  for (const [sealingKeys, code, path] of cases) {
    assert.throws(
      () => new Engine(ports({}), { ...on, sealingKeys }),
      (error) => {
        assert.deepEqual([error.code, error.path], [code, path]);
        const shown = [error, error.toJSON(), error.messageFor("es"), error.messageFor("en")];
        assert.ok(!shown.some((one) => (JSON.stringify(one) + String(one)).includes(key)));
        return true;
      },
    );
  }
});

test("where the host's clock fails, the machine's goes on", async () => {
  const store = { accounts: async () => [] };
  const throwing = () => {
    throw new Error("no time");
  };
  for (const now of [throwing, () => undefined, () => "noon", () => Number.NaN]) {
    const clock = { now, sleep: () => Promise.reject(new Error("no sleep")) };
    const engine = new Engine(ports(store, { clock }), on);
    assert.deepEqual(await engine.accounts({ userId: user }), []);
    // It asks what time it is before it finds that this store can't be claimed from.
    assert.equal((await refusedBy(engine.tick({ limit: 1 }))).code, "STORE_UNAVAILABLE");
    engine.free();
  }
});
