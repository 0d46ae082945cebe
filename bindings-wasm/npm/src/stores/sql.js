import { storeOver } from "./methods.js";

const CALL = "select public.publish_store($1::text, $2::text, $3::timestamptz) as answer";

/**
 * The store in PostgreSQL, over any driver: `query(sql, params)` gives `{ rows }` or the rows.
 *
 * The connection's user owns the functions or is `service_role`; `migrate` makes them.
 */
export function sqlStore(query, { now, ...options } = {}) {
  return storeOver(async (method, request) => {
    const answer = await query(CALL, [method, request, now?.().toISOString() ?? null]);
    const rows = Array.isArray(answer) ? answer : answer.rows;
    return rows[0].answer;
  }, options);
}
