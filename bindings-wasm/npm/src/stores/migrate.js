import { failed } from "./failure.js";
import { STEPS } from "./migration-steps.js";
import { Refusal } from "./refusal.js";

const QUOTE = "$calendar_publish_step$";
const KNOWN = STEPS.length;
const NEWER = "CP009";

// Whoever comes second waits for the lock, and finds nothing left to do. It is the lock of the Rust store.
const BEGIN = `
declare
  v_found bigint;
begin
  perform pg_advisory_xact_lock(5316803425791267541);
  create schema if not exists calendar_publish;
  create table if not exists calendar_publish.schema_version (
    version    bigint primary key,
    applied_at timestamptz not null default now()
  );
  alter table calendar_publish.schema_version enable row level security;
  select coalesce(max(version), 0) into v_found from calendar_publish.schema_version;
  if v_found > ${KNOWN} then
    raise exception using errcode = '${NEWER}', message = v_found::text;
  end if;`;

const END = `
  if v_found < ${KNOWN} then
    grant select on calendar_publish.schema_version to service_role;
    drop policy if exists schema_version_service on calendar_publish.schema_version;
    create policy schema_version_service on calendar_publish.schema_version
      for select to service_role using (true);
  end if;
end`;

const step = (sql, index) => `
  if v_found < ${index + 1} then
    execute ${QUOTE}${sql}${QUOTE};
    insert into calendar_publish.schema_version (version) values (${index + 1});
  end if;`;

/** The schema's steps, in order: the schema's version is how many of them were applied. */
export const migrations = STEPS;

/**
 * Brings the schema up to date: one statement, so that any driver and pool can do it, and so that it is made
 * whole or not at all. Several processes may do it at once, and again at every start.
 */
export async function migrate(query) {
  const body = [BEGIN, ...STEPS.map(step), END].join("");
  try {
    await query(`do $calendar_publish_migrate$${body} $calendar_publish_migrate$`);
  } catch (error) {
    if (error?.code !== NEWER) throw failed(error);
    throw new Refusal({ type: "schema_newer", found: Number(error.message), known: KNOWN }, error);
  }
}
