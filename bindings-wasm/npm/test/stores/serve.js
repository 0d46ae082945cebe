// Serves the package's stores to the suites that every store must pass, which are written in Rust
// (`bindings-documents/tests/sql/javascript.rs`): a call a line, and a line for what came of it.

import { createInterface } from "node:readline";

import { createClient } from "@supabase/supabase-js";
import pg from "pg";

import { Refusal, sqlStore, supabaseStore } from "../../src/stores/index.js";
import { startRest } from "./rest.js";

const ROLE = "service_role";

/** Over few connections, which go when nobody needs them: each case has a database of its own. */
function poolOf(connectionString, options) {
  const pool = new pg.Pool({ connectionString, options, max: 4, idleTimeoutMillis: 100 });
  // The server is stopped before the pool's idle connections.
  pool.on("error", () => {});
  return pool;
}

/** Node 20 has no WebSocket, which the client wants to know of although nobody listens here. */
class NoSocket {}

const KINDS = {
  sqlStore(database, options) {
    const pool = poolOf(database, `-c role=${ROLE}`);
    return sqlStore((sql, params) => pool.query(sql, params), options);
  },
  async supabaseStore(database, options) {
    const { url } = await startRest(poolOf(database));
    const client = createClient(url, ROLE, {
      auth: { persistSession: false, autoRefreshToken: false },
      realtime: { transport: NoSocket },
    });
    return supabaseStore(client, options);
  },
};

const opened = new Map();

/** The store of a database, and the suite's clock as of the last call; without one it goes by the database's. */
function open({ kind, database, now }) {
  if (!opened.has(database)) {
    const clock = { now };
    const options = now === null ? {} : { now: () => new Date(clock.now) };
    opened.set(database, { clock, store: KINDS[kind](database, options) });
  }
  return opened.get(database);
}

async function outcome(call) {
  try {
    const { clock, store } = open(call);
    clock.now = call.now;
    return { answered: await (await store).call(call.method, call.request) };
  } catch (error) {
    if (error instanceof Refusal) return { refused: JSON.stringify(error.document) };
    return { thrown: String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const call = JSON.parse(line);
  outcome(call).then((came) => process.stdout.write(`${JSON.stringify({ number: call.number, ...came })}\n`));
}
process.exit();
