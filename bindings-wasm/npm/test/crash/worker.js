// A worker process: it publishes what is due until it is killed.

import { makeEngine } from "./engine.js";

const [database, graph, tokens] = process.argv.slice(2);
await makeEngine(database, graph, JSON.parse(tokens)).engine.run();
