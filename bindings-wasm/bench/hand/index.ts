export { load, read } from "./calendar.js";
export { toCsv } from "./csv.js";
export { evaluateAll } from "./readiness.js";
export { entries as entriesSchema } from "./schema.js";
export { shiftByDateFns, shiftByLuxon } from "./shift.js";
export { decode } from "./stream.js";
