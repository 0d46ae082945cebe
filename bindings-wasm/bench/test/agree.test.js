// What is raced must do the same work.
import { test } from "node:test";

import { agree, agreeOnCsv, agreeOnShift, agreeOnStream } from "../src/agree.js";
import { hand as compiled } from "../src/hand.js";
import { open, PACKAGE } from "../src/ours.js";

const hand = await compiled();
const ours = await open(PACKAGE);

test("every entry has the same tile, next action and findings", () => {
  const tiles = agree(ours.call, hand, 1000);
  // A data set in which everything is well would agree too easily.
  if (Object.keys(tiles).length < 8) throw new Error(`only ${Object.keys(tiles)}`);
});

test("a shift comes to the same instants", () => agreeOnShift(ours.call, hand, 1000));

test("a CSV file is the same to the byte", () => agreeOnCsv(ours.load, hand, 1000));

test("a stream comes to the same pieces, however it is cut", () => agreeOnStream(ours.decode, hand, 100));
