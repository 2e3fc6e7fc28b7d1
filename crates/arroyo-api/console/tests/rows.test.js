import assert from "node:assert/strict";
import { test } from "node:test";

import { ASK, fill } from "../paths.js";
import { cellText, parseRows } from "../rows.js";

test("numbers of more digits than JavaScript has stay as they are", () => {
  const text = '[{"a": 9007199254740993, "b": -1.2345678901234567e-5, "c": 1.5, "d": "\\"12345678901234567 \\\\", "e": [1, null]}]';
  const [row] = parseRows(text);
  assert.deepEqual(row, { a: "9007199254740993", b: "-1.2345678901234567e-5", c: 1.5, d: '"12345678901234567 \\', e: [1, null] });
});

test("cells show nested values as JSON and null as nothing", () => {
  assert.deepEqual([null, undefined, 0, false, "x", { a: [1] }].map(cellText), ["", "", "0", "false", "x", '{"a":[1]}']);
});

test("paths are filled in order, and ids cannot leave their place", () => {
  assert.deepEqual(fill(ASK.plan, ["pl/1", "../x"]), { method: "GET", path: "pipelines/pl%2F1/jobs/..%2Fx/plan" });
  assert.deepEqual(fill(ASK.change, ["pl_1"]), { method: "PATCH", path: "pipelines/pl_1" });
});
