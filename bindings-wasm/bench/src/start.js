// A fresh process up to the package's first answer: milliseconds from the import to it.
import { entry } from "./ours.js";

const file = entry(process.argv[2]);
const start = performance.now();
const { resolveTime } = await import(file);
const { instant } = resolveTime({ date: "2026-03-29", time: "02:30", zone: "Europe/Madrid" });
const time = performance.now() - start;
if (instant !== "2026-03-29T01:30:00Z") throw new Error(instant);
console.log(time);
