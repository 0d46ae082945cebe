import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Engine } from "calendar-publish";
import { Refusal, sqlStore } from "calendar-publish/stores";
import { fetchTransport } from "calendar-publish/transport";
import pg from "pg";

import { root } from "../support/paths.js";

/** Three chunks of six million bytes: a real video with zeros behind it. */
export const VIDEO_BYTES = 18_000_000;

function video() {
  const bytes = new Uint8Array(VIDEO_BYTES);
  bytes.set(readFileSync(join(root, "tests/live/media/oven.mp4")));
  return bytes;
}

/** An engine that uploads to TikTok, and its pool. `beforeSending` sees each request of the engine's. */
export function makeUploader({ database, api, tokens, sealingKeys, beforeSending }) {
  const pool = new pg.Pool({ connectionString: database, max: 4 });
  // The server is stopped before the pool's idle connections.
  pool.on("error", () => {});
  const { origin } = new URL(api);
  const transport = fetchTransport({ allow: [origin] });
  const file = video();
  const ports = {
    store: sqlStore((sql, params) => pool.query(sql, params)),
    transport: {
      send: async (request) => {
        await beforeSending(request);
        return transport.send(request);
      },
    },
    media: {
      read: async ({ offset, length }) => ({
        bytes: file.subarray(offset, offset + length),
        totalBytes: file.length,
        mimeType: "video/mp4",
      }),
    },
    tokens: {
      accessToken: async ({ accountId }) => ({ token: tokens[accountId], version: 1 }),
      replacement: async () => {
        throw new Refusal({ type: "revoked" });
      },
    },
  };
  // Short deadlines make a short lease: the takeover is what is to be seen.
  const deadlines = { requestDeadlineSeconds: 2, uploadDeadlineSeconds: 4, tokenDeadlineSeconds: 1, mediaDeadlineSeconds: 1 };
  const tiktok = { api, uploadHosts: [origin], ...deadlines };
  const settings = [{ name: "PUBLISH_SERVICE_ENABLED", value: "true" }];
  return { pool, engine: new Engine(ports, { settings, tiktok, leaseSeconds: 14, sealingKeys }) };
}

/** Where a request's chunk begins; `undefined` where the request sends none. */
export function chunkOf({ method, headers }) {
  if (method !== "PUT") return undefined;
  const range = headers.find(({ name }) => name.toLowerCase() === "content-range");
  return Number(/^bytes (\d+)-/.exec(range.value)[1]);
}
