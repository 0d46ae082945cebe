import { failed, isCollision } from "./failure.js";
import { Refusal, unavailable } from "./refusal.js";

/** The methods of a store, each a call of `publish_store` with its name. */
export const STORE_METHODS = Object.freeze([
  "saveCalendar", "calendar", "runs", "run", "lastGeneration", "putAccount", "accounts", "removeAccount",
  "recordIntents", "intents", "command", "scheduleJobs", "commandJobs", "saveCalendarAndJobs", "claimJobs",
  "advanceJobs", "job", "jobs", "allJobs", "queueDepth", "pauseChannel", "liftPause", "ledger",
]);

/** How often a call is made again after it met another writer. */
const TRIES = 8;
const DEADLINE_MILLIS = 60_000;

const pause = (millis) => new Promise((done) => setTimeout(done, millis));

async function inTime(work, millis) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(unavailable("no answer in time")), millis);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A store over `ask`, which calls the SQL function and gives its text.
 *
 * `call` passes documents as text, to the letter; the methods beside it pass them as objects.
 */
export function storeOver(ask, { deadlineMillis = DEADLINE_MILLIS } = {}) {
  async function call(method, request) {
    for (let tries = 1; ; tries += 1) {
      try {
        return read(method, await inTime(ask(method, request), deadlineMillis));
      } catch (error) {
        if (!isCollision(error) || tries > TRIES) throw failed(error);
        await pause(2 << tries);
      }
    }
  }
  const store = { call };
  for (const method of STORE_METHODS) {
    store[method] = async (request = {}) => JSON.parse(await call(method, JSON.stringify(request)));
  }
  return store;
}

const ANSWER = '{"answer":';

/** The function's answer, to the letter. */
function read(method, text) {
  if (typeof text === "string" && text.startsWith(ANSWER)) return text.slice(ANSWER.length, -1);
  let refused;
  try {
    refused = JSON.parse(text).error;
  } catch (error) {
    throw new Refusal({ type: "corrupt", place: method, reason: String(error) }, error);
  }
  if (refused === undefined) {
    throw new Refusal({ type: "corrupt", place: method, reason: "neither an answer nor an error" });
  }
  throw new Refusal(refused);
}
