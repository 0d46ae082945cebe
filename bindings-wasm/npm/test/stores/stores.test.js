import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { PGlite } from "@electric-sql/pglite";
import { createClient } from "@supabase/supabase-js";
import pg from "pg";
import postgres from "postgres";

import { migrate, migrations, Refusal, sqlStore, supabaseStore } from "../../src/stores/index.js";
import { startPostgres } from "./postgres.js";
import { startRest } from "./rest.js";

const uuid = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
let count = 1000;
const fresh = () => uuid((count += 1));

const piece = (title) =>
  `{"title":${JSON.stringify(title)},"channel":"tiktok","format":"video","copy":"","date":"2030-04-02","time":"09:00","hashtags":[],"z":1.50,"a":"\\u0000"}`;

const entryText = (id, calendar, title) =>
  `{"id":"${id}","calendarId":"${calendar}","piece":${piece(title)},"draft":false,"reviewed":false,"revision":0}`;

function saveText({ user, calendar, run, expected, entries }) {
  const at = "2030-04-01T09:00:00Z";
  return `{"userId":"${user}","calendarId":"${calendar}","expectedRevision":${expected},"run":{"id":"${run}","calendarId":"${calendar}","userId":"${user}","status":"completed","startedAt":"${at}","completedAt":"${at}","pieceCount":1,"cadence":"weekly","channels":["tiktok"]},"entries":[${entries.join(",")}]}`;
}

const account = (user, id) => ({
  id, userId: user, channel: "tiktok", externalAccountId: "9007199254740993", displayName: "Pan",
  timezone: "Europe/Madrid", status: "active",
});

const refused = (work, document) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof Refusal, String(error));
    for (const [name, value] of Object.entries(document)) assert.deepEqual(error.document[name], value);
    return true;
  });

const server = {};
let pool, sql, lite, rest;

before(async () => {
  Object.assign(server, await startPostgres());
  pool = new pg.Pool({ connectionString: server.url });
  pool.on("error", () => {}); // The server is stopped before the pool's idle connections.
  sql = postgres(server.url, { onnotice() {} });
  lite = await PGlite.create();
  const query = (text, params) => pool.query(text, params);
  await Promise.all([migrate(query), migrate(query), migrate((text) => sql.unsafe(text))]);
  await migrate((text) => lite.query(text));
  rest = await startRest(pool);
});

after(async () => {
  await rest?.stop();
  await sql?.end({ timeout: 1 });
  await pool?.end();
  await lite?.close();
  server.stop?.();
});

/** Node 20 has no WebSocket, which the client wants to know of although nobody listens here. */
class NoSocket {}

const client = (key, url = rest.url) =>
  createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: NoSocket },
  });

const stores = {
  "pg": () => sqlStore((text, params) => pool.query(text, params)),
  "postgres": () => sqlStore((text, params) => sql.unsafe(text, params)),
  "PGlite": () => sqlStore((text, params) => lite.query(text, params)),
  "supabase-js over a stand-in for PostgREST": () => supabaseStore(client("service_role")),
};

for (const [name, make] of Object.entries(stores)) {
  describe(name, () => {
    test("a calendar comes back to the letter, and nobody else sees it", async () => {
      const store = make();
      const [user, calendar, run, id] = [fresh(), fresh(), fresh(), fresh()];
      const save = { user, calendar, run, expected: 0, entries: [entryText(id, calendar, "Pan ñ")] };
      const saved = JSON.parse(await store.call("saveCalendar", saveText(save)));
      assert.deepEqual(saved, { runId: run, revision: 1, repeated: false });
      const text = await store.call("calendar", JSON.stringify({ userId: user, calendarId: calendar }));
      assert.ok(text.includes(piece("Pan ñ")), text);
      const again = JSON.parse(await store.call("saveCalendar", saveText(save)));
      assert.equal(again.repeated, true);
      await refused(store.call("saveCalendar", saveText({ ...save, run: fresh() })),
        { type: "revision_conflict", expected: 0, found: 1 });
      await refused(store.call("saveCalendar", saveText({ ...save, entries: [entryText(id, calendar, "Otro")] })),
        { type: "run_conflict", runId: run });
      await refused(store.calendar({ userId: fresh(), calendarId: calendar }), { type: "not_found", what: "calendar" });
    });

    test("a job is made once, claimed once, and written only by its claim", async () => {
      const store = make();
      const [user, calendar, id, job, own] = [fresh(), fresh(), fresh(), fresh(), fresh()];
      await store.putAccount(account(user, own));
      assert.equal((await store.accounts({ userId: user }))[0].externalAccountId, "9007199254740993");
      const due = new Date(Date.now() + 400).toISOString();
      const request = `{"userId":"${user}","jobs":[{"id":"${job}","entry":${entryText(id, calendar, "Pan")},"accountId":"${own}","scheduledAt":"${due}"}]}`;
      for (const _ of [1, 2]) {
        const made = JSON.parse(await store.call("scheduleJobs", request));
        assert.equal(made.outcomes[0].result, "done");
      }
      await new Promise((done) => setTimeout(done, 500));
      const claim = { limit: 5, leaseSeconds: 60, channels: ["tiktok"] };
      const both = await Promise.all([store.claimJobs(claim), store.claimJobs(claim)]);
      const held = both.flatMap((one) => one.jobs);
      assert.deepEqual(held.map((one) => one.job.id), [job]);
      const write = (token) => ({
        policy: { delayMinutes: [5] }, writes: [{ jobId: job, event: { type: "write_started", token } }],
      });
      const { token } = held[0].job.lease;
      assert.equal((await store.advanceJobs(write(token + 1)))[0].result, "refused");
      assert.equal((await store.advanceJobs(write(token)))[0].result, "done");
      const history = await store.job({ userId: user, jobId: job });
      assert.equal(history.attempts.length, 1);
      assert.equal(await store.job({ userId: fresh(), jobId: job }), null);
      const depth = await store.queueDepth();
      assert.ok(depth.counts.some((one) => one.status === "publishing" && one.count >= 1));
    });

    test("an idempotency key is used for one content", async () => {
      const store = make();
      const user = fresh();
      const record = (fingerprint) => ({ userId: user, command: { key: "k", fingerprint, answer: "1" }, intents: [] });
      assert.deepEqual(await store.recordIntents(record("a")), { type: "now", new: 0 });
      assert.deepEqual(await store.recordIntents(record("a")), { type: "before", answer: "1" });
      await refused(store.recordIntents(record("b")), { type: "command_conflict", key: "k" });
      await refused(store.removeAccount({ userId: user, accountId: fresh() }), { type: "not_found", what: "account" });
    });
  });
}

test("eight writers of one calendar: one of each revision wins", async () => {
  const store = stores.pg();
  const [user, calendar] = [fresh(), fresh()];
  const saves = Array.from({ length: 8 }, () =>
    store.call("saveCalendar", saveText({ user, calendar, run: fresh(), expected: 0, entries: [entryText(fresh(), calendar, "a")] })));
  const done = (await Promise.allSettled(saves)).filter((one) => one.status === "fulfilled");
  assert.equal(done.length, 1);
});

test("only the service may call it", async () => {
  for (const role of ["anon", "authenticated"]) {
    await assert.rejects(supabaseStore(client(role)).queueDepth(), (error) => {
      assert.equal(error.document.type, "unavailable");
      assert.match(error.document.reason, /42501/);
      return true;
    });
  }
});

test("what the database or the connection says becomes the store's words", async () => {
  const throwing = (error) => sqlStore(async () => { throw error; });
  const coded = (code) => Object.assign(new Error("no"), { code });
  const types = async (error) => {
    try {
      await throwing(error).queueDepth();
    } catch (refusal) {
      return refusal.document.type;
    }
    return "none";
  };
  assert.equal(await types(coded("ECONNREFUSED")), "unavailable");
  assert.equal(await types(coded("57P01")), "unavailable");
  assert.equal(await types(coded("53300")), "unavailable");
  assert.equal(await types(coded("42883")), "unavailable");
  assert.equal(await types(coded("XX001")), "corrupt");
  assert.equal(await types(coded("22021")), "invalid");
  let calls = 0;
  const collides = sqlStore(async () => {
    calls += 1;
    if (calls < 3) throw coded("40P01");
    return [{ answer: '{"answer":7}' }];
  });
  assert.equal(await collides.queueDepth(), 7);
  assert.equal(calls, 3);
  const silent = sqlStore(() => new Promise(() => {}), { deadlineMillis: 20 });
  await refused(silent.queueDepth(), { type: "unavailable", reason: "no answer in time" });
  await refused(sqlStore(async () => [{ answer: "{}" }]).queueDepth(), { type: "corrupt", place: "queueDepth" });
});

test("a server that is gone is unavailable", async () => {
  const gone = new pg.Pool({ connectionString: "postgres://postgres@127.0.0.1:1/postgres" });
  await refused(sqlStore((text, params) => gone.query(text, params)).queueDepth(), { type: "unavailable" });
  await gone.end();
  const nowhere = client("service_role", "http://127.0.0.1:1");
  await refused(supabaseStore(nowhere).queueDepth(), { type: "unavailable" });
});

test("a newer schema is refused, and nothing is changed", async () => {
  const db = await PGlite.create();
  const query = (text) => db.query(text);
  await migrate(query);
  await db.query("insert into calendar_publish.schema_version (version) values (999)");
  await refused(migrate(query), { type: "schema_newer", found: 999, known: migrations.length });
  await db.close();
});
