/** A store's methods take and give the documents of the engine's store port. */
export type StoreMethod =
  | "saveCalendar" | "calendar" | "runs" | "run" | "lastGeneration" | "putAccount" | "accounts"
  | "removeAccount" | "recordIntents" | "intents" | "command" | "scheduleJobs" | "commandJobs"
  | "saveCalendarAndJobs" | "claimJobs" | "advanceJobs" | "job" | "jobs" | "allJobs" | "queueDepth"
  | "pauseChannel" | "liftPause" | "ledger";

/** A store of calendars and jobs. Refusals are thrown as `Refusal`. */
export type Store = { [method in StoreMethod]: (request?: object) => Promise<unknown> } & {
  /** The same with documents as text, which keeps them to the letter. */
  call(method: StoreMethod, request: string): Promise<string>;
};

export interface StoreOptions {
  /** The store's time in place of the database's: for tests and simulations. */
  now?: () => Date;
  /** After how long a call counts as unanswered, in milliseconds; 60,000 if unset. */
  deadlineMillis?: number;
}

type Row = Record<string, unknown>;

/** A driver's query: `pool.query.bind(pool)` of `pg`, `sql.unsafe` of `postgres`, `db.query.bind(db)` of PGlite. */
export type Query = (sql: string, params?: any[]) => PromiseLike<{ rows: any[] } | readonly Row[]>;

/** The part of `@supabase/supabase-js` that is used. */
export interface SupabaseClient {
  rpc(name: string, args: object): PromiseLike<{ data: any; error: { message: string; code?: string } | null }>;
}

/**
 * The store in PostgreSQL.
 *
 * ```js
 * const pool = new pg.Pool({ connectionString });
 * const query = (sql, params) => pool.query(sql, params);
 * await migrate(query);
 * const store = sqlStore(query);
 * ```
 */
export function sqlStore(query: Query, options?: StoreOptions): Store;

/** The store in a Supabase project, with a client that holds the service's key: for servers only. */
export function supabaseStore(client: SupabaseClient, options?: StoreOptions): Store;

/** Brings the database's schema up to date, whole or not at all. */
export function migrate(query: Query): Promise<void>;

/** The schema's steps as SQL, for a host that applies them by its own tool. */
export const migrations: readonly string[];

export const STORE_METHODS: readonly StoreMethod[];

/** Why an adapter couldn't do what it was asked, as a document of the port. */
export class Refusal extends Error {
  constructor(document: { type: string; [field: string]: unknown }, cause?: unknown);
  readonly document: { type: string; [field: string]: any };
}
