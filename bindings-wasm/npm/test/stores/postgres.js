// A PostgreSQL server of the tests' own, gone with them.
import { execFileSync, spawn } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

function programs() {
  const root = "/usr/lib/postgresql";
  const newest = readdirSync(root).map(Number).filter(Boolean).sort((a, b) => b - a)[0];
  if (!newest) throw new Error("PostgreSQL's server is missing: apt-get install -y postgresql-15");
  return `${root}/${newest}/bin`;
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** Starts it: `{ url, stop }`. The server refuses to run as root: root becomes the user `postgres` for it. */
export async function startPostgres() {
  const bin = programs();
  const folder = mkdtempSync(join(tmpdir(), "calpub-pg."));
  let as = (program, args) => [join(bin, program), args];
  if (process.getuid() === 0) {
    const id = (flag) => Number(execFileSync("id", [flag, "postgres"]));
    chownSync(folder, id("-u"), id("-g"));
    as = (program, args) => [
      "setpriv",
      ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--", join(bin, program), ...args],
    ];
  }
  const run = (program, args) => execFileSync(...as(program, args), { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  run("initdb", ["-D", join(folder, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions"]);
  const port = await freePort();
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off`;
  const [program, args] = as("pg_ctl", ["-D", join(folder, "data"), "-w", "-l", join(folder, "log"), "-o", settings, "start"]);
  await new Promise((done, fail) => {
    spawn(program, args, { cwd: folder, stdio: "ignore" })
      .on("exit", (code) => (code === 0 ? done() : fail(new Error(`pg_ctl ended with ${code}`))))
      .on("error", fail);
  });
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop() {
      run("pg_ctl", ["-D", join(folder, "data"), "-m", "immediate", "-w", "stop"]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
