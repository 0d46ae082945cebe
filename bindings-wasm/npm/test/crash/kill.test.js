// Workers are killed with SIGKILL at random. Afterwards the platform's truth and the store must agree: nothing
// lost, nothing twice.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import test from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { migrate } from "calendar-publish/stores";

import { startPostgres } from "../stores/postgres.js";
import { startPlatforms } from "../support/platforms.js";
import { makeEngine } from "./engine.js";

const ACCOUNTS = 4;
const JOBS = 24;
const WORKERS = 2;
const KILLING_MILLIS = 15_000;
const PATIENCE_MILLIS = 150_000;
const WORKER = fileURLToPath(new URL("./worker.js", import.meta.url));
const LIVE = ["scheduled", "publishing", "failed"];

const id = (kind, number) => `018f0000-0000-7000-8000-${kind}${String(number).padStart(10, "0")}`;
const userId = id("b1", 0);
const later = (millis) => new Date(Date.now() + millis).toISOString();
const context = () => ({ requestId: "test", userId, now: later(0) });

const account = (number, externalAccountId) => ({
  id: id("a1", number),
  userId,
  channel: "instagram",
  externalAccountId,
  displayName: `@pan${number}`,
  timezone: "Europe/Madrid",
  status: "ok",
  scopes: ["instagram_business_basic", "instagram_business_content_publish"],
});
const entry = (number) => {
  const scheduledAt = later(3_000 + (number * (KILLING_MILLIS - 6_000)) / JOBS);
  const piece = { title: `Pan ${number}`, channel: "instagram", format: "post", copy: `Hoy hay pan ${number}.` };
  return {
    id: id("e1", number),
    calendarId: id("c1", 0),
    accountId: id("a1", number % ACCOUNTS),
    scheduledAt,
    reviewed: true,
    piece: { ...piece, date: scheduledAt.slice(0, 10), time: "09:00" },
    media: [{ kind: "image", url: "https://media.example/bread.jpg", mimeType: "image/jpeg" }],
  };
};

test("killed workers lose nothing and publish nothing twice", async (t) => {
  const database = await startPostgres();
  t.after(() => database.stop());
  const platforms = await startPlatforms(Array.from({ length: ACCOUNTS }, (_, number) => `sim.baker${number}`));
  t.after(() => platforms.stop());
  const tokens = {};
  for (const [number, external] of platforms.accounts.entries()) {
    tokens[id("a1", number)] = await platforms.token(external);
  }
  const { pool, engine } = makeEngine(database.url, platforms.graph, tokens);
  t.after(() => pool.end());
  await migrate((sql) => pool.query(sql));

  for (const [number, external] of platforms.accounts.entries()) await engine.putAccount(account(number, external));
  const entries = Array.from({ length: JOBS }, (_, number) => entry(number));
  const { outcomes } = await engine.schedule({ context: context(), schedule: { entries } });
  const captions = new Map(outcomes.map(({ job }, place) => [job.id, entries[place].piece.copy]));
  const jobs = () => engine.jobs({ userId, filter: {} });

  const begin = () =>
    spawn(process.execPath, [WORKER, database.url, platforms.graph, JSON.stringify(tokens)], { stdio: "inherit" });
  const workers = Array.from({ length: WORKERS }, begin);
  const kill = (worker) =>
    new Promise((ended) => {
      worker.once("exit", ended);
      worker.kill("SIGKILL");
    });
  let kills = 0;
  for (const end = Date.now() + KILLING_MILLIS; Date.now() < end; kills += 1) {
    await pause(500 + Math.random() * 1_500);
    const place = Math.floor(Math.random() * WORKERS);
    await kill(workers[place]);
    workers[place] = begin();
  }
  await Promise.all(workers.map(kill));
  assert.ok(kills >= 6, `${kills} kills`);

  // Nobody is killed any more.
  const last = begin();
  t.after(() => last.kill("SIGKILL"));
  for (const end = Date.now() + PATIENCE_MILLIS; ; await pause(500)) {
    const live = (await jobs()).filter((job) => LIVE.includes(job.status));
    if (live.length === 0) break;
    assert.ok(Date.now() < end, JSON.stringify(live));
    // Nothing waits five minutes here for the second try.
    const failed = live.filter((job) => job.status === "failed").map((job) => job.id);
    if (failed.length > 0) await engine.retry({ context: context(), jobIds: failed });
  }

  const truth = [];
  for (const [number, external] of platforms.accounts.entries()) {
    truth.push(...(await platforms.captions(external, tokens[id("a1", number)])));
  }
  assert.equal(new Set(truth).size, truth.length, "published twice");
  const ended = await jobs();
  assert.deepEqual(new Set(ended.map((job) => job.id)), new Set(captions.keys()));
  for (const job of ended) {
    const out = truth.includes(captions.get(job.id));
    if (job.status === "published") {
      assert.ok(out, `not out: ${JSON.stringify(job)}`);
    } else {
      assert.equal(job.status, "needs_attention");
      if (job.lastError !== "OUTCOME_UNKNOWN") assert.ok(!out, `called unpublished: ${JSON.stringify(job)}`);
    }
  }
  const published = ended.filter((job) => job.status === "published").length;
  console.log(`${kills} kills, ${truth.length} posts, ${published} of ${JOBS} jobs published`);
  assert.ok(published > JOBS * 0.8, `${published} published`);
});
