// Workers over the store in SQL are killed at random with SIGKILL. Afterwards the platform's truth and the store
// must agree: nothing posted twice, nothing lost.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import pg from "pg";

import { migrate, sqlStore } from "../../src/stores/index.js";
import { startPostgres } from "../stores/postgres.js";

const WORKERS = 3;
const ACCOUNTS = 10;
const JOBS = 60;
const KILLING_MILLIS = 8000;
const PATIENCE_MILLIS = 60_000;
const WORKER = fileURLToPath(new URL("./worker.js", import.meta.url));

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
let state = seed;
/** A number in [0, 1) from the seed (Lehmer's). */
const random = () => (state = (state * 48271 + 11) % 2147483647) / 2147483647;
const pause = (millis) => new Promise((done) => setTimeout(done, millis));
const id = (kind, n) => `${kind}0000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const USER = id("a", 1);
const CALENDAR = id("b", 1);

const posts = new Map();
/** Posts whose worker was dead before the answer. */
let cut = 0;
let database, pool, platform, origin;

before(async () => {
  database = await startPostgres();
  pool = new pg.Pool({ connectionString: database.url });
  pool.on("error", () => {}); // The server is stopped before the pool's idle connections.
  await migrate((text) => pool.query(text));
  platform = createServer(async (request, response) => {
    const job = request.url.split("/").at(-1);
    if (request.method === "GET") return response.writeHead(posts.has(job) ? 200 : 404).end();
    // What was asked for happens, although whoever asked may be dead by the answer.
    posts.set(job, (posts.get(job) ?? 0) + 1);
    await pause(200 + random() * 600);
    if (response.destroyed) cut += 1;
    return response.writeHead(201).end();
  });
  await new Promise((done) => platform.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${platform.address().port}`;
});

after(async () => {
  platform?.closeAllConnections();
  platform?.close();
  await pool?.end();
  database?.stop();
});

async function schedule(store) {
  for (let n = 0; n < ACCOUNTS; n += 1) {
    await store.putAccount({
      id: id("c", n), userId: USER, channel: "tiktok", externalAccountId: `x${n}`, displayName: `x${n}`,
      timezone: "Europe/Madrid", status: "active",
    });
  }
  const start = Date.now() + 1500;
  const jobs = Array.from({ length: JOBS }, (_, n) => ({
    id: id("d", n),
    entry: {
      id: id("e", n), calendarId: CALENDAR, draft: false, reviewed: true, revision: 1,
      piece: {
        title: `Pan ${n}`, channel: "tiktok", format: "video", copy: "", date: "2030-01-01", time: "09:00",
        hashtags: [],
      },
    },
    accountId: id("c", n % ACCOUNTS),
    scheduledAt: new Date(start + (n * KILLING_MILLIS) / JOBS / 2).toISOString(),
  }));
  const made = await store.scheduleJobs({ userId: USER, jobs });
  assert.ok(made.outcomes.every((one) => one.result === "done"), JSON.stringify(made.outcomes[0]));
}

/** Tries failures again at once, so that nobody waits for a minute; gives the jobs that haven't ended. */
async function unfinished(store) {
  const jobs = await store.jobs({ userId: USER, filter: { statuses: [], entryIds: [], limit: 0 } });
  const writes = jobs.filter((job) => job.status === "failed").map((job) => ({
    jobId: job.id, event: { type: "retry_now" },
  }));
  if (writes.length > 0) await store.commandJobs({ userId: USER, policy: { delayMinutes: [1] }, writes });
  return jobs.filter((job) => !["published", "needs_attention"].includes(job.status));
}

test(`killed at random, nothing is lost or posted twice (SEED=${seed})`, { timeout: 120_000 }, async () => {
  console.log(`SEED=${seed}`);
  const store = sqlStore((text, params) => pool.query(text, params));
  await schedule(store);
  const workers = new Set();
  let stopping = false;
  const start = () => {
    const worker = spawn(process.execPath, [WORKER, database.url, origin], { stdio: ["ignore", "ignore", "pipe"] });
    worker.said = "";
    worker.stderr.on("data", (chunk) => (worker.said += chunk));
    workers.add(worker);
    worker.on("exit", () => {
      workers.delete(worker);
      if (!stopping) start();
    });
  };
  for (let n = 0; n < WORKERS; n += 1) start();
  let kills = 0;
  const end = Date.now() + KILLING_MILLIS;
  while (Date.now() < end) {
    await pause(300 + random() * 500);
    const alive = [...workers];
    alive[Math.floor(random() * alive.length)]?.kill("SIGKILL");
    kills += 1;
    await unfinished(store);
  }
  const deadline = Date.now() + PATIENCE_MILLIS;
  let left;
  while ((left = await unfinished(store)).length > 0 && Date.now() < deadline) await pause(200);
  stopping = true;
  const said = [...workers].map((worker) => worker.said).join("");
  for (const worker of workers) worker.kill("SIGKILL");
  assert.deepEqual(left.map((job) => [job.id, job.status]), [], said);

  const jobs = await store.jobs({ userId: USER, filter: { statuses: [], entryIds: [], limit: 0 } });
  assert.equal(jobs.length, JOBS);
  for (const job of jobs) {
    assert.ok((posts.get(job.id) ?? 0) <= 1, `${job.id} was posted ${posts.get(job.id)} times`);
    assert.equal(job.status === "published", posts.has(job.id), `${job.id}: ${job.status}, ${job.lastError}`);
  }
  console.log(`${kills} kills, ${posts.size} posts, ${cut} of them by workers that died before the answer`);
  assert.ok(cut > 0);
});
