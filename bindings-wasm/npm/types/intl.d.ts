export * from "./model.js";
export * from "./interface-operations.js";
export {
  Calendar,
  CalendarPublishError,
  GenerationStream,
  type Instant,
  call,
  callText,
  ready,
  version,
} from "./index.js";
