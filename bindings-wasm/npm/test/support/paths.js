import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../../../..");
/** What every operation answers, a folder an operation. */
export const vectorsFolder = join(root, "tests/vectors");
