import assert from "node:assert/strict";
import { test } from "node:test";

import { bytes, clip, count, duration, short, time } from "../format.js";

const plain = (text) => text.replaceAll("\u00a0", " ");

test("figures have three digits and a prefix", () => {
  assert.deepEqual([0, 7.25, 999, 999.7, 12_345, 5_720_000].map(short), ["0", "7.25", "999", "1k", "12.3k", "5.72M"]);
  assert.deepEqual([0, 12, 158_400, 1_200_000].map(bytes).map(plain), ["0 B", "12 B", "158 kB", "1.2 MB"]);
  assert.equal(count(1_234_567), "1,234,567");
});

test("durations have the two largest units", () => {
  const seconds = [-1, 0.0004, 0.25, 3.21, 59.94, 59.96, 61, 3_600, 7_384, 90_000, 86_400 * 3];
  assert.deepEqual(seconds.map((value) => plain(duration(value * 1e6))),
    ["0 ms", "0 ms", "250 ms", "3.2 s", "59.9 s", "1 min", "1 min 1 s", "1 h", "2 h 3 min", "1 d 1 h", "3 d"]);
});

test("times are of this zone", () => {
  const micros = new Date(2026, 1, 3, 4, 5, 6).getTime() * 1000 + 999;
  assert.equal(time(micros), "2026-02-03\u00a004:05:06");
});

test("long texts are clipped", () => {
  assert.deepEqual([clip("abc", 3), clip("abcd", 3)], ["abc", "ab…"]);
});
