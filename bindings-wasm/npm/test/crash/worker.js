// A worker that can be killed at any moment: it claims, says that it begins, posts, and says what came of it.
import pg from "pg";

import { sqlStore } from "../../src/stores/index.js";
import { fetchTransport } from "../../src/transport/index.js";

const [database, platform] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: database, max: 4 });
const store = sqlStore((text, params) => pool.query(text, params));
const transport = fetchTransport({ allow: [platform] });
const policy = { delayMinutes: [1] };

const ask = (method, id) =>
  transport.send({ method, url: `${platform}/posts/${id}`, headers: [], body: new Uint8Array(), deadlineMillis: 1000 });

async function work({ job, attemptStartedAt }) {
  const { token } = job.lease;
  let sequence = 0;
  const tell = async (event) => {
    const write = { jobId: job.id, event, stamp: { token, sequence: (sequence += 1) } };
    const [outcome] = await store.advanceJobs({ policy, writes: [write] });
    return outcome.result === "done";
  };
  const receipt = { postId: job.id };
  if (attemptStartedAt) {
    // Somebody else's write was begun: what became of it is looked up, and nothing is posted.
    const found = await ask("GET", job.id);
    const outcome = found.status === 200 ? { type: "published", receipt } : { type: "not_published" };
    await tell({ type: "reconciled", token, outcome });
  } else if (await tell({ type: "write_started", token })) {
    const answer = await ask("POST", job.id);
    if (answer.status === 201) await tell({ type: "published", token, receipt });
  }
}

for (;;) {
  const claimed = await store.claimJobs({ limit: 5, leaseSeconds: 2, channels: ["tiktok"] });
  await Promise.all(claimed.jobs.map((job) => work(job)));
  if (claimed.jobs.length === 0) await new Promise((done) => setTimeout(done, 50));
}
