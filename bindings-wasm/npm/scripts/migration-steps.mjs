// Writes the migrations as a module: a bundler keeps that, but not files that are read at run time.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const folder = new URL("../../../adapters/migrations/postgres/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".sql")).sort();
const steps = files.map((name) => readFileSync(new URL(name, folder), "utf8"));
writeFileSync(
  new URL("../src/stores/migration-steps.js", import.meta.url),
  `// Made by scripts/migration-steps.mjs.\nexport const STEPS = Object.freeze(${JSON.stringify(steps, null, 2)});\n`,
);
