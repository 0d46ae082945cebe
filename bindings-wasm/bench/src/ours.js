// The built package, as a program uses it.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Where the package is built. */
export const PACKAGE = fileURLToPath(new URL("../../npm", import.meta.url));

/** The file that Node loads for a package's main entry. */
export function entry(folder) {
  const { exports } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const choose = (target) =>
    typeof target === "string" ? target : choose(target.node ?? target.import ?? target.default);
  return pathToFileURL(path.join(folder, choose(exports["."] ?? exports))).href;
}

/** The package in `folder`, ready to be called. */
export async function open(folder) {
  const { Calendar, GenerationStream, call, ready } = await import(entry(folder));
  await ready();
  return {
    call,
    load: (bytes, now) => held(Calendar.load(bytes, now)),
    decode(parts) {
      const session = new GenerationStream();
      const pieces = [];
      for (const part of parts) {
        for (const event of session.push(part)) {
          if (event.type === "piece") pieces.push(event);
        }
      }
      session.free();
      return pieces;
    },
  };
}

const held = (calendar) => ({
  setNow: (now) => calendar.setNow({ now }),
  shift: (entryIds, days) => calendar.shift({ entryIds, offset: { type: "days", days } }),
  undo: () => calendar.undo(),
  csv: () => calendar.export({ format: "csv" }),
  update: (entry) => calendar.put({ entry }),
  putMany: (entries) => calendar.putMany({ entries }),
  page: (offset, limit) => calendar.page({ offset, limit }),
  free: () => calendar.free(),
});
