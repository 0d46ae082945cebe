// The example in Next.js, as its own programs build and serve it: a client component in a browser, and a route
// that ticks the engine.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { migrate } from "calendar-publish/stores";
import pg from "pg";
import { chromium } from "playwright-core";

import { startPostgres } from "../stores/postgres.js";
import { root } from "../support/paths.js";

const here = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", PUBLISH_SERVICE_ENABLED: "true" };

/** A page that the server renders with the module whose zones come from `Intl`. */
const RENDERED = `import { resolveTime } from "calendar-publish/intl";
export const dynamic = "force-dynamic";
export default function Page() {
  return <p>{resolveTime({ date: "2026-04-02", time: "09:00", zone: "Europe/Madrid" }).instant}</p>;
}
`;

const VERSIONS = [
  { name: "Next.js 16 with Turbopack", next: "16.4.5", react: "19.3.1" },
  { name: "Next.js 14 with webpack", next: "14.2.35", react: "18.3.1" },
];

let database;
test.before(async () => {
  database = await startPostgres();
  const pool = new pg.Pool({ connectionString: database.url });
  await migrate((sql) => pool.query(sql));
  await pool.end();
});
test.after(() => database?.stop());

/** Serves the built app; resolves with its address. */
async function serve(app, stop) {
  const served = spawn(process.execPath, ["node_modules/next/dist/bin/next", "start", "--port", "0"], {
    cwd: app,
    env: { ...env, DATABASE_URL: database.url },
    stdio: ["ignore", "pipe", "inherit"],
  });
  stop(() => served.kill("SIGKILL"));
  for await (const line of createInterface(served.stdout)) {
    const address = /http:\/\/localhost:(\d+)/.exec(line);
    if (address) return `http://127.0.0.1:${address[1]}`;
  }
  throw new Error("the app ended");
}

for (const { name, next, react } of VERSIONS) {
  test(`the example works without configuration in ${name}`, { timeout: 600_000 }, async (t) => {
    const app = mkdtempSync(join(tmpdir(), "calendar-publish-next-"));
    t.after(() => rmSync(app, { recursive: true, force: true }));
    cpSync(join(root, "examples/nextjs"), app, { recursive: true });
    mkdirSync(join(app, "app/rendered"));
    writeFileSync(join(app, "app/rendered/page.jsx"), RENDERED);
    const packed = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", app], { cwd: here });
    const [{ filename }] = JSON.parse(packed.stdout);
    const manifest = JSON.parse(readFileSync(join(app, "package.json"), "utf8"));
    Object.assign(manifest.dependencies, { next, react, "react-dom": react, "calendar-publish": `file:${filename}` });
    writeFileSync(join(app, "package.json"), JSON.stringify(manifest));
    await run("npm", ["install", "--no-audit", "--no-fund"], { cwd: app });
    const built = await run(process.execPath, ["node_modules/next/dist/bin/next", "build"], { cwd: app, env }).catch(
      (failed) => assert.fail(`${failed.stdout}\n${failed.stderr}`),
    );
    assert.doesNotMatch(built.stdout + built.stderr, /overly broad|Critical dependency/);

    const address = await serve(app, (stop) => t.after(stop));
    const ticked = await (await fetch(`${address}/api/tick`)).json();
    assert.equal(ticked.claimed, 0, JSON.stringify(ticked));

    assert.match(await (await fetch(`${address}/rendered`)).text(), /2026-04-02T07:00:00Z/);

    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"],
    });
    t.after(() => browser.close());
    const tab = await browser.newPage();
    await tab.goto(address);
    await tab.getByText("Pan: missing_media").waitFor({ timeout: 15_000 });
  });
}
