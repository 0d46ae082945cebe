// The package as a fresh program gets it: from its tarball, without configuration.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { root } from "./support/paths.js";

const here = fileURLToPath(new URL("..", import.meta.url));
const program = mkdtempSync(join(tmpdir(), "calendar-publish-"));
const run = (file, args, options) =>
  execFileSync(file, args, { cwd: program, encoding: "utf8", stdio: "pipe", ...options });
const write = (name, text) => writeFileSync(join(program, name), text);

test.before(() => {
  const [{ filename }] = JSON.parse(
    run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", program], { cwd: here }),
  );
  write("package.json", '{ "name": "fresh", "private": true }');
  run("npm", ["install", "--offline", "--no-audit", "--no-fund", join(program, filename)]);
});
test.after(() => rmSync(program, { recursive: true, force: true }));

/** The first block of JavaScript in a document. */
const embedding = (path) => /```js\n(.*?)```/s.exec(readFileSync(path, "utf8"))[1];

test("the embedding of the READMEs is at most five lines, and runs", () => {
  const code = embedding(join(here, "README.md"));
  assert.equal(embedding(join(root, "README.md")), code);
  const lines = code.split("\n").filter((line) => line.trim() !== "");
  assert.ok(lines.length <= 5, code);
  write("embedding.mjs", code);
  assert.equal(run("node", ["embedding.mjs"]), "0\n");
});

for (const name of ["calendar-publish", "calendar-publish/intl"]) {
  test(`${name} is required as well as imported`, () => {
    const counted = 'console.log(countText({ text: "Pan", channel: "tiktok" }).utf16);\n';
    write("required.cjs", `const { countText } = require("${name}");\n${counted}`);
    assert.equal(run("node", ["required.cjs"]), "3\n");
    write("imported.mjs", `import { countText, ready } from "${name}";\nawait ready();\n${counted}`);
    assert.equal(run("node", ["imported.mjs"]), "3\n");
  });
}

/** A program of the package's in one file, alone in a folder: what a server deploys. */
async function deployed(name, format, more) {
  write("bundle.mjs", `import { countText } from "calendar-publish";
try {
  console.log(countText({ text: "Pan", channel: "tiktok" }).utf16);
} catch (error) {
  console.log(error.code, error.message);
}
`);
  const outfile = join(program, name, format === "esm" ? "server.mjs" : "server.cjs");
  const entryPoints = [join(program, "bundle.mjs")];
  await build({ entryPoints, outfile, bundle: true, platform: "node", format, ...more });
  return run("node", [outfile]);
}

for (const format of ["esm", "cjs"]) {
  test(`bundlers put all of it into a server's one file of ${format}`, async () => {
    assert.equal(await deployed("whole", format, {}), "3\n");
  });

  test(`a bundle of ${format} without the module says what it lacks`, async () => {
    // Conditions of one's own take the place of `module`, which esbuild knows otherwise.
    const said = await deployed("part", format, { conditions: ["of-our-own"], logLevel: "error" });
    assert.match(said, /^LIBRARY_FAILED .*calendar_publish_node\.wasm isn't there/);
  });
}

test("its stores and transports bring all that they need", () => {
  write(
    "ports.mjs",
    'import { migrations, sqlStore } from "calendar-publish/stores";\n' +
      'import { fetchTransport } from "calendar-publish/transport";\n' +
      'import { Engine } from "calendar-publish";\n' +
      "const tokens = { accessToken() {}, replacement() {} };\n" +
      "new Engine({ store: sqlStore(() => []), transport: fetchTransport(), tokens });\n" +
      "console.log(migrations.length > 5);\n",
  );
  assert.equal(run("node", ["ports.mjs"]), "true\n");
});

test("its types are those of what it does, as the compiler sees them", () => {
  write(
    "typed.mts",
    `import { Calendar, CalendarPublishError, Engine, GenerationStream, planShift, ready } from "calendar-publish";
import { migrate, sqlStore } from "calendar-publish/stores";
import { fetchTransport } from "calendar-publish/transport";
import { Calendar as Smaller } from "calendar-publish/intl";

await ready();
const calendar: Calendar = Calendar.load(new Uint8Array(), new Date());
const title: string | undefined = calendar.page({ limit: 50 }).tiles[0]?.title;
const bytes: Uint8Array = calendar.export({ format: "csv" });
for await (const event of new GenerationStream().read(new Response())) if (event.type === "piece") event.piece.title;
try {
  planShift({ calendar: { entries: [], accounts: [], now: "2026-04-01T09:00:00Z" }, request: { entryIds: [], offset: { type: "days", days: 1 } } });
} catch (error) {
  if (error instanceof CalendarPublishError) error.messageFor("es");
}
const query = async (_sql: string, _params?: unknown[]) => ({ rows: [] });
await migrate(query);
const token = async () => ({ token: "", version: 1 });
const engine = new Engine({ store: sqlStore(query), transport: fetchTransport(), tokens: { accessToken: token, replacement: token } });
const claimed: number = (await engine.tick({ limit: 10 })).claimed;
// @ts-expect-error there is no such channel
planShift({ channel: "myspace" });
export { Smaller, bytes, claimed, title };
`,
  );
  const compiler = join(here, "node_modules/typescript/bin/tsc");
  const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022"];
  const modules = ["--module", "nodenext", "--lib", "es2022,dom,dom.asynciterable"];
  try {
    run("node", [compiler, ...options, ...modules, "typed.mts"]);
  } catch (refused) {
    assert.fail(refused.stdout);
  }
});
