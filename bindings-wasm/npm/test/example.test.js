// The example, as a reader runs it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { root } from "./support/paths.js";
import { startPlatforms } from "./support/platforms.js";

test("the example publishes once", async (t) => {
  const platforms = await startPlatforms();
  t.after(() => platforms.stop());
  const [account] = platforms.accounts;
  const token = await platforms.token(account);
  // Beside the packages that it imports.
  const program = fileURLToPath(new URL("./example.mjs", import.meta.url));
  copyFileSync(join(root, "examples/node/publish.mjs"), program);
  t.after(() => rmSync(program));
  const ran = await promisify(execFile)(
    process.execPath,
    [program, account, token, "https://media.example/bread.jpg"],
    { env: { ...process.env, INSTAGRAM_API: platforms.graph }, timeout: 60_000 },
  );
  assert.equal(ran.stdout.trim(), "published", ran.stderr);
  assert.deepEqual(await platforms.captions(account, token), ["Hoy hay pan."]);
});
