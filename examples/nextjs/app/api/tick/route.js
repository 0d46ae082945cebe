import { Engine } from "calendar-publish";
import { sqlStore } from "calendar-publish/stores";
import { fetchTransport } from "calendar-publish/transport";
import pg from "pg";

export const dynamic = "force-dynamic";

let engine;

function started() {
  if (engine === undefined) {
    const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
    const store = sqlStore((sql, params) => pool.query(sql, params));
    const settings = Object.entries(process.env).map(([name, value]) => ({ name, value }));
    engine = new Engine({ store, transport: fetchTransport(), tokens }, { settings, instagram: {} });
  }
  return engine;
}

// Your own: from wherever the accounts' tokens are kept and renewed.
const tokens = {
  async accessToken({ accountId }) {
    throw new Error(`no token of ${accountId}`);
  },
  async replacement({ accountId }) {
    throw new Error(`no other token of ${accountId}`);
  },
};

// A cron job calls it every minute.
export async function GET() {
  try {
    return Response.json(await started().tick({ limit: 100 }));
  } catch (error) {
    return Response.json({ error, message: error.messageFor?.("es") }, { status: 503 });
  }
}
