/** What `calendar-publish/intl` goes without. */
export const forServers = [
  "admitGeneration",
  "advanceJob",
  "decodeStream",
  "draftCalendar",
  "encodeStream",
  "exportDisabled",
  "importCsv",
  "importJson",
  "nextRetry",
  "preflight",
  "publishDisabled",
  "publishDryRun",
  "replayAlerts",
  "verifyLedger",
];
