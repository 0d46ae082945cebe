export { call, callText } from "./call.js";
export { Calendar } from "./calendar.js";
export { CalendarPublishError } from "./error.js";
export { GenerationStream } from "./stream.js";
export { version } from "./version.js";
