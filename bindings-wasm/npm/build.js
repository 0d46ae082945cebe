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

/** The module as text, which files for bundlers and rendering servers have inside. Brotli would be a third smaller, and take twice as long to open. */
function embed(variant, module) {
  const bytes = readFileSync(module);
  const text = deflateRawSync(bytes, { level: 9 }).toString("base64");
  const exports = `export default { length: ${bytes.length}, deflated: "${text}" };\n`;
  writeFileSync(at("build", variant, "module.js"), exports);
}

const module = optimise(at("build/node/calendar_publish_bg.wasm"));
embed("node", module);
copyFileSync(module, at("dist/calendar_publish_node.wasm"));
embed("intl", at("build/intl/calendar_publish_intl_bg.wasm"));
const forNode = {
  platform: "node",
  target: "node20",
  // The engine's futures: a trap in one of them mustn't end the process.
  inject: [at("src/microtask.js")],
};
await bundle("entry-bundled.js", "bundled.js", { ...forNode, format: "esm" });
// The glue names the file that browsers download, which a bundler would take along.
const alone = { ...forNode, define: { "import.meta.url": "undefined" } };
await bundle("entry-intl-node.js", "intl-node.js", { ...alone, format: "esm" });
await bundle("entry-intl-node.js", "intl-node.cjs", { ...alone, format: "cjs" });
await bundle("entry-node.js", "node.js", { ...forNode, format: "esm" });
await bundle("entry-node.js", "node.cjs", {
  ...forNode,
  format: "cjs",
  define: { "import.meta.url": "here" },
  banner: { js: 'const here = require("node:url").pathToFileURL(__filename);' },
});

const forBrowsers = { platform: "browser", target: "es2022", format: "esm", minify: true };
// Optimised by Binaryen these would be smaller on disk, and an eighth larger on the wire.
copyFileSync(at("build/browser/calendar_publish_bg.wasm"), at("dist/calendar_publish_bg.wasm"));
await bundle("entry-browser.js", "browser.js", forBrowsers);
copyFileSync(at("build/intl/calendar_publish_intl_bg.wasm"), at("dist/calendar_publish_intl_bg.wasm"));
await bundle("entry-intl.js", "intl.js", forBrowsers);

await import("./scripts/migration-steps.mjs");
for (const license of ["LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(join(root, license), at(license));
