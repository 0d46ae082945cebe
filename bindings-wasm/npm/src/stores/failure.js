import { Refusal, unavailable } from "./refusal.js";

const OUTDATED = new Set(["42P01", "42883", "42703", "3F000", "PGRST202"]);
const COLLISIONS = new Set(["40001", "40P01", "23505"]);
const DAMAGED = new Set(["XX001", "XX002"]);

const isState = (code) => typeof code === "string" && /^[0-9A-Z]{5}$/.test(code);

/** Whether the same call can succeed at once: two writers met, and this one was sent back. */
export const isCollision = (error) => COLLISIONS.has(error?.code);

/** What PostgreSQL, PostgREST or the connection said, in the store's words. */
export function failed(error) {
  if (error instanceof Refusal) return error;
  const said = error?.message ?? String(error);
  const code = error?.code;
  if (OUTDATED.has(code)) {
    return unavailable(`${said}: the schema isn't up to date, \`migrate\` brings it there`, error);
  }
  if (!isState(code)) return unavailable(code ? `${code}: ${said}` : said, error);
  if (DAMAGED.has(code)) return new Refusal({ type: "corrupt", place: "database", reason: said }, error);
  // What can't be stored now can't be stored later: nobody must wait for it.
  if (["22", "23", "54"].includes(code.slice(0, 2)) && code !== "23505") {
    const measured = { type: "text", value: `${code}: ${said}`.slice(0, 120) };
    return new Refusal({ type: "invalid", code: "FIELD_VALUE_INVALID", path: "", measured }, error);
  }
  return unavailable(`${code}: ${said}`, error);
}
