import { Engine } from "calendar-publish";
import { Refusal, sqlStore } from "calendar-publish/stores";
import { fetchTransport } from "calendar-publish/transport";
import pg from "pg";

/** The engine over PostgreSQL and `fetch`, and the pool that it works with. */
export function makeEngine(database, graph, tokens) {
  const pool = new pg.Pool({ connectionString: database, max: 4 });
  // The server is stopped before the pool's idle connections.
  pool.on("error", () => {});
  const ports = {
    store: sqlStore((sql, params) => pool.query(sql, params)),
    transport: fetchTransport({ allow: [new URL(graph).origin] }),
    tokens: {
      accessToken: async ({ accountId }) => ({ token: tokens[accountId], version: 1 }),
      replacement: async () => {
        throw new Refusal({ type: "revoked" });
      },
    },
  };
  // Short deadlines make short leases: takeovers are what is to be seen.
  const instagram = { graph, requestDeadlineSeconds: 2, publishDeadlineSeconds: 2, callDeadlineSeconds: 7 };
  const settings = [{ name: "PUBLISH_SERVICE_ENABLED", value: "true" }];
  return { pool, engine: new Engine(ports, { settings, instagram, leaseSeconds: 14, concurrency: 8 }) };
}
