// Makes `dist/` from the glue and modules in `build/`; `cargo xtask bindings` makes those first.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const at = (...parts) => join(here, ...parts);

/** Binaryen reads which features the module uses from the module itself: flags would add others. */
function optimise(module) {
  const program = at("node_modules/binaryen/bin/wasm-opt");
  execFileSync(process.execPath, [program, "-O3", module, "-o", module], { stdio: "inherit" });
  return module;
}

const bundle = (entry, outfile, more) =>
  build({
    entryPoints: [at("src", entry)],
    outfile: at("dist", outfile),
    bundle: true,
    legalComments: "none",
    logLevel: "warning",
    // The glue finds its module beside itself; so does the bundle.
    assetNames: "[name]",
    ...more,
  });

rmSync(at("dist"), { recursive: true, force: true });
mkdirSync(at("dist"));

/** The module as text, which files for Node have inside. Brotli would be a third smaller, and take twice as long to open. */
function embed(variant, module) {
  const bytes = readFileSync(module);
  const text = deflateRawSync(bytes, { level: 9 }).toString("base64");
  const exports = `export default { length: ${bytes.length}, deflated: "${text}" };\n`;
  writeFileSync(at("build", variant, "module.js"), exports);
}

embed("node", optimise(at("build/node/calendar_publish_bg.wasm")));
embed("intl", at("build/intl/calendar_publish_intl_bg.wasm"));
const forNode = {
  platform: "node",
  target: "node20",
  define: { "import.meta.url": "undefined" },
  // The engine's futures: a trap in one of them mustn't end the process.
  inject: [at("src/microtask.js")],
};
for (const name of ["node", "intl-node"]) {
  await bundle(`entry-${name}.js`, `${name}.js`, { ...forNode, format: "esm" });
  await bundle(`entry-${name}.js`, `${name}.cjs`, { ...forNode, format: "cjs" });
}

const forBrowsers = { platform: "browser", target: "es2022", format: "esm", minify: true };
// Optimised by Binaryen these would be smaller on disk, and an eighth larger on the wire.
copyFileSync(at("build/browser/calendar_publish_bg.wasm"), at("dist/calendar_publish_bg.wasm"));
await bundle("entry-browser.js", "browser.js", forBrowsers);
copyFileSync(at("build/intl/calendar_publish_intl_bg.wasm"), at("dist/calendar_publish_intl_bg.wasm"));
await bundle("entry-intl.js", "intl.js", forBrowsers);

await import("./scripts/migration-steps.mjs");
for (const license of ["LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(join(root, license), at(license));
