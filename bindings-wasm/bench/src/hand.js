// The hand-written side is TypeScript; it runs as the JavaScript that esbuild leaves of it.
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const folder = fileURLToPath(new URL("..", import.meta.url));

/** Compiles `hand/` and gives what it exports. */
export async function hand() {
  const outfile = `${folder}node_modules/.cache/hand.mjs`;
  await build({
    entryPoints: [`${folder}hand/index.ts`],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
  return import(outfile);
}
