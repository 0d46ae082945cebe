// The smallest program that publishes: one photo to Instagram, at most once.
//
// node publish.mjs ACCOUNT TOKEN PHOTO_URL — with INSTAGRAM_API it publishes to a simulator there.

import { randomUUID } from "node:crypto";

import { PGlite } from "@electric-sql/pglite";
import { Engine } from "calendar-publish";
import { migrate, sqlStore } from "calendar-publish/stores";
import { fetchTransport } from "calendar-publish/transport";

const [externalAccountId, token, photo] = process.argv.slice(2);
const graph = process.env.INSTAGRAM_API;
const [userId, calendarId, accountId] = [randomUUID(), randomUUID(), randomUUID()];

const database = new PGlite(); // or `new PGlite("./jobs")`, a `pg` pool, `postgres`
await migrate((sql) => database.exec(sql));
const engine = new Engine(
  {
    store: sqlStore((sql, params) => database.query(sql, params)),
    transport: fetchTransport({ allow: graph ? [new URL(graph).origin] : [] }),
    tokens: {
      accessToken: async () => ({ token, version: 1 }),
      replacement: async () => Promise.reject(new Error("there is no other token")),
    },
  },
  { settings: [{ name: "PUBLISH_SERVICE_ENABLED", value: "true" }], instagram: graph ? { graph } : {} },
);
await engine.putAccount({
  id: accountId,
  userId,
  channel: "instagram",
  externalAccountId,
  displayName: "Panadería",
  timezone: "Europe/Madrid",
  status: "ok",
  scopes: ["instagram_business_basic", "instagram_business_content_publish"],
});
const now = new Date();
const entry = {
  id: randomUUID(),
  calendarId,
  accountId,
  reviewed: true,
  scheduledAt: new Date(now.getTime() + 2000).toISOString(),
  piece: { title: "Pan", channel: "instagram", format: "post", copy: "Hoy hay pan.", date: now.toISOString().slice(0, 10) },
  media: [{ kind: "image", url: photo, mimeType: "image/jpeg" }],
};
const context = { requestId: "example", userId, now: now.toISOString() };
const { outcomes } = await engine.schedule({ context, schedule: { entries: [entry] } });
const jobId = outcomes[0].job.id;

let job;
do {
  await engine.tick({ limit: 10 }); // what a cron route calls
  await new Promise((done) => setTimeout(done, 500));
  ({ job } = (await engine.job({ userId, jobId })).record);
} while (job.status === "scheduled" || job.status === "publishing");
console.log(job.status, job.lastError ?? "");
await database.close();
