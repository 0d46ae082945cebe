// The worker that uploads a video to TikTok is killed between two chunks, and another takes the job over.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import test from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { migrate } from "calendar-publish/stores";
import pg from "pg";

import { startPostgres } from "../stores/postgres.js";
import { startPlatforms } from "../support/platforms.js";
import { chunkOf, makeUploader, VIDEO_BYTES } from "./uploader.js";

const WORKER = fileURLToPath(new URL("./upload-worker.js", import.meta.url));
const PATIENCE_MILLIS = 180_000;
const CONSENT = "By posting, you agree to TikTok's Music Usage Confirmation.";

const key = (id) => ({ id, key: randomBytes(32).toString("base64") });
const later = (millis) => new Date(Date.now() + millis).toISOString();
const now = () => later(0);

/** On a busy machine an answer may come too late, and the same is sent again. */
const inTurn = (sent) => sent.filter((one, place) => one !== sent[place - 1]);

/** What the second worker sent, and what came of the post. */
async function takenOver(database, platforms, creator, [firstKeys, secondKeys]) {
  const [userId, accountId] = [randomUUID(), randomUUID()];
  const token = await platforms.tiktokToken(creator);
  const options = { database, api: platforms.tiktok, tokens: { [accountId]: token } };
  const sent = [];
  const beforeSending = (request) => {
    if (request.url.includes("/init/")) sent.push("init");
    const first = chunkOf(request);
    if (first !== undefined) sent.push(first);
  };
  const { pool, engine } = makeUploader({ ...options, sealingKeys: secondKeys, beforeSending });
  try {
    await migrate((sql) => pool.query(sql));
    await engine.putAccount({
      id: accountId,
      userId,
      channel: "tiktok",
      externalAccountId: creator,
      displayName: creator,
      timezone: "Europe/Madrid",
      status: "ok",
      scopes: ["user.info.basic", "video.publish", "video.upload", "video.list"],
    });
    const entry = {
      id: randomUUID(),
      calendarId: randomUUID(),
      accountId,
      scheduledAt: later(3_000),
      reviewed: true,
      piece: { title: "Pan", channel: "tiktok", format: "video", copy: "Hoy hay pan.", date: now().slice(0, 10) },
      media: [{
        kind: "video", url: "https://host.example/oven.mp4", mimeType: "video/mp4", sizeBytes: VIDEO_BYTES,
        width: 720, height: 1280, durationMs: 4_000, frameRate: 30, videoCodec: "h264", audioCodec: "aac",
      }],
      tiktok: { mode: "direct", privacy: "PUBLIC_TO_EVERYONE", consent: { givenAt: now(), text: CONSENT } },
    };
    const context = { requestId: "test", userId, now: now() };
    const { outcomes } = await engine.schedule({ context, schedule: { entries: [entry] } });
    const jobId = outcomes[0].job.id;

    const worker = JSON.stringify({ ...options, sealingKeys: firstKeys });
    const [, signal] = await once(spawn(process.execPath, [WORKER, worker], { stdio: "inherit" }), "exit");
    assert.equal(signal, "SIGKILL");

    const query = "select row_to_json(jobs)::text as stored from publish_jobs jobs where id = $1";
    const [{ stored }] = (await pool.query(query, [jobId])).rows;

    let record;
    for (const end = Date.now() + PATIENCE_MILLIS; ; await pause(500)) {
      await engine.tick({ limit: 10 });
      ({ record } = await engine.job({ userId, jobId }));
      if (!["scheduled", "publishing"].includes(record.job.status)) break;
      assert.ok(Date.now() < end, JSON.stringify(record));
    }
    return { job: record.job, sent, captions: await platforms.tiktokCaptions(token), stored };
  } finally {
    await pool.end();
  }
}

test("an upload goes on after a crash where the workers share a key, and otherwise begins anew", { timeout: 300_000 }, async (t) => {
  const database = await startPostgres();
  t.after(() => database.stop());
  const platforms = await startPlatforms(["sim.sealed", "sim.rotated", "sim.unsealed"]);
  t.after(() => platforms.stop());
  const [old, fresh] = [key("2026-10"), key("2026-11")];
  const keys = { same: [[old], [old]], rotated: [[old], [fresh, old]], stranger: [[old], [fresh]] };
  // A database each: workers take whatever is due.
  const server = new pg.Client({ connectionString: database.url });
  await server.connect();
  for (const name of Object.keys(keys)) await server.query(`create database ${name}`);
  await server.end();
  const [same, rotated, stranger] = await Promise.all(
    Object.entries(keys).map(([name, pair], place) =>
      takenOver(new URL(name, database.url).href, platforms, platforms.creators[place], pair),
    ),
  );
  assert.deepEqual(inTurn(same.sent), [6_000_000, 12_000_000]);
  assert.deepEqual(inTurn(rotated.sent), [6_000_000, 12_000_000]);
  assert.deepEqual(inTurn(stranger.sent), ["init", 0, 6_000_000, 12_000_000]);
  for (const { job, captions, stored } of [same, rotated, stranger]) {
    assert.equal(job.status, "published", JSON.stringify(job));
    assert.deepEqual(captions, ["Hoy hay pan."]);
    assert.match(stored, /v1\.2026-10\./);
    assert.doesNotMatch(stored, /upload_token/);
  }
});
