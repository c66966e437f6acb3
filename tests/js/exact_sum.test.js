// A judge's running total, to the last place.
import assert from "node:assert/strict";
import { test } from "node:test";

import { STATIC } from "./support.js";

const { exactSum } = await import(`${STATIC}/exact_sum.js`);
const { beijing, short } = await import(`${STATIC}/short_words.js`);

for (const [pairs, sum] of [
  [[], "0"],
  [[["0.1", "1"], ["0.2", "1"]], "0.3"],
  [[["30", "1"], ["20", "1"], ["25.5", "1"]], "75.5"],
  [[["9.5", "0.3"], ["8.25", "0.7"]], "8.625"],
  [[["100", "0.000001"]], "0.0001"],
  [[["-1.5", "2"], ["1", "1"]], "-2"],
  [[["-0.25", "1"]], "-0.25"],
  [[["5", "-0.5"]], "-2.5"],
  [[["", "1"], ["7", "1"]], "7"],
  [[["7", "1/3"], ["7", "1"]], "7"],
  [[["9007199254740993", "1"]], "9007199254740993"],
]) {
  test(`${JSON.stringify(pairs)} is ${sum}`, () => assert.equal(exactSum(pairs), sum));
}

test("counts are cut as the server cuts them, and never overstated", () => {
  const counts = [0, 999, 1204, 9999, 10_000, 12_999, 99_999, 99_999_999, 340_000_000, 399_999_999];
  const words = ["0", "999", "1,204", "9,999", "1万", "1.2万", "9.9万", "9999.9万", "3.4亿", "3.9亿"];
  assert.deepEqual(counts.map(short), words);
});

test("a moment is told in Beijing's time, wherever the phone is", () => {
  assert.equal(beijing("2026-03-02T16:05:00Z"), "2026-03-03 00:05");
});
