// A worker process that dies in the middle of an upload: TikTok has its first chunk.

import { chunkOf, makeUploader } from "./uploader.js";

const beforeSending = (request) => {
  if (chunkOf(request) > 0) process.kill(process.pid, "SIGKILL");
};
await makeUploader({ ...JSON.parse(process.argv[2]), beforeSending }).engine.run();
