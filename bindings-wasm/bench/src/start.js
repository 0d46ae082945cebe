// A fresh process up to the package's first answer: milliseconds from the import to it.
const start = performance.now();
const { open } = await import("./ours.js");
const { call } = await open(process.argv[2]);
const { instant } = call("resolveTime", { date: "2026-03-29", time: "02:30", zone: "Europe/Madrid" });
const time = performance.now() - start;
if (instant !== "2026-03-29T01:30:00Z") throw new Error(instant);
console.log(time);
