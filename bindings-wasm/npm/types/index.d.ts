export * from "./model.js";
export * from "./operations.js";

import type {
  Allowed,
  CalendarDocument,
  Code,
  EngineSettings,
  CalendarExportRequest,
  Failure,
  GenerationEvent,
  GenerationSnapshot,
  GenerationState,
  Measure,
  Position,
  SessionOptions,
  TokenAnswer,
  WorkReport,
} from "./model.js";
import { CalendarOperations } from "./calendar-operations.js";
import { EngineOperations } from "./engine-operations.js";

/** An instant: a `Date`, milliseconds since 1970, or an RFC 3339 text. */
export type Instant = Date | number | string;

/**
 * Loads the library. In a browser it downloads and compiles the module, and everything else works once it has
 * resolved; in Node the first call loads it anyway, and this only chooses when.
 *
 * @param source Where the module is, for a browser whose bundler doesn't place it by itself.
 */
export function ready(source?: string | URL | Request | Response | BufferSource): Promise<void>;

/** The version of the library. */
export function version(): string;

/** Runs an operation by its name: the functions of this package are this, with types. */
export function call(name: string, input: unknown): unknown;

/**
 * Runs an operation on a JSON text, and gives its answer as JSON text: what JavaScript's numbers can't hold
 * passes to the letter, and a refusal names the line and column of this text.
 */
export function callText(name: string, document: string): string;

/** An error of the library. */
export class CalendarPublishError extends Error {
  constructor(
    failure: Failure,
    more?: { message?: string; retryable?: boolean; cause?: unknown },
  );
  /** What went wrong: stable, and in every language the same. */
  readonly code: Code;
  /** Where in the input: `entries[3].piece.date`; empty where the whole input is meant. */
  readonly path: string;
  /** What was measured. */
  readonly measured?: Measure;
  /** What is allowed. */
  readonly allowed?: Allowed;
  /** Where in the text. */
  readonly position?: Position;
  /** Whether trying again can help. What may have taken effect is never retryable. */
  readonly retryable: boolean;
  /** The error as a document. */
  toJSON(): Failure;
  /** What to tell the person: what happened, and what to do. */
  messageFor(lang: "es" | "en"): string;
}

/**
 * A calendar that lives in an interface: its entries stay inside, and only what changed comes out.
 *
 * It is freed by itself once nobody holds it; `free` gives its memory back at once.
 *
 * @example
 * const calendar = Calendar.load(await (await fetch("/api/calendar")).arrayBuffer());
 * const { tiles } = calendar.page({ limit: 50 });
 */
export class Calendar extends CalendarOperations {
  private constructor();
  /**
   * Reads a calendar, judged at `now`. Bytes straight from a file or a response are the fastest.
   *
   * @throws {CalendarPublishError} With path, line and column of what doesn't fit.
   */
  static load(
    document: Uint8Array | ArrayBuffer | string | CalendarDocument,
    now?: Instant,
  ): Calendar;
  /** Runs an operation by its name. */
  call(name: string, input: unknown): unknown;
  /** Writes every entry as CSV, JSON or iCalendar. */
  export(request: CalendarExportRequest): Uint8Array;
  /** How many entries there are. */
  get length(): number;
  /** Gives the memory back at once. Using the calendar afterwards is `HANDLE_CLOSED`. */
  free(): void;
}

/** What an engine works with. A port may throw a `Refusal` that says why; anything else it throws is taken for the worst. */
export interface EnginePorts {
  /** Where calendars and jobs are: `sqlStore` or `supabaseStore` of `calendar-publish/stores`. */
  store: object;
  /** Speaks HTTP: `fetchTransport` of `calendar-publish/transport`. */
  transport: object;
  /** The accounts' tokens. They never leave your server. */
  tokens: {
    accessToken(request: { accountId: string }): Promise<TokenAnswer>;
    replacement(request: { accountId: string; refused: number }): Promise<TokenAnswer>;
  };
  /** Reads videos that are uploaded: `mediaOverFetch`. Without it the platforms fetch them. */
  media?: object;
  /** The time; the machine's where it is left out, or where `now` throws or gives no number. */
  clock?: { now(): number; sleep(millis: number): Promise<void> };
  /** Takes the events. It must not block, and what it throws is passed over. */
  telemetry?: { record(event: object): void };
}

/**
 * The publish engine, in Node: what people ask of publish jobs, and the worker that publishes what is due.
 * It keeps everything in the store, so that a process may end at any moment and another goes on.
 */
export class Engine extends EngineOperations {
  /** @throws {CalendarPublishError} What a setting refuses, with its path. */
  constructor(ports: EnginePorts, settings?: EngineSettings);
  /** Runs an operation by its name. */
  call(name: string, input: unknown): Promise<unknown>;
  /**
   * Works until `stop`, and then ends gracefully. A cron route calls `tick` instead. `LIBRARY_FAILED` where the
   * library can't go on: another engine takes over, as after a crash.
   */
  run(): Promise<WorkReport>;
  /** Ends `run`. */
  stop(): void;
  /** Gives the memory back at once. */
  free(): void;
}

/** A generation's stream, read as it arrives. The partial calendar survives a stall, a cut or an error. */
export class GenerationStream {
  constructor(options?: SessionOptions, now?: Instant);
  /** Takes bytes as they arrived, however they were cut, and gives the events in them. */
  push(bytes: Uint8Array | ArrayBuffer | string, now?: Instant): GenerationEvent[];
  /** Says what time it is, and gives the state: a stream that is silent stalls. */
  tick(now?: Instant): GenerationState;
  /** How many milliseconds it is until `tick` can tell something new, if ever. */
  millisToNextTick(now?: Instant): number | undefined;
  /** The connection has ended. */
  end(now?: Instant): void;
  /** The person doesn't want it any more. */
  cancel(now?: Instant): void;
  /** What arrived so far, and how the generation stands. */
  snapshot(): GenerationSnapshot;
  /** Reads a response to its end and yields its events as they come. */
  read(source: Response | ReadableStream<Uint8Array>): AsyncGenerator<GenerationEvent, void, void>;
  /** Gives the memory back at once. */
  free(): void;
}
