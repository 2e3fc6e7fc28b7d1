import assert from "node:assert/strict";
import { test } from "node:test";

import { pressure, rates, rowsOf } from "../figures.js";

const figure = (total) => ({ total, max: total });
const operator = (rows_in, rows_out) => ({ figures: { rows_in: figure(rows_in), rows_out: figure(rows_out) } });
const plan = (seconds, ...operators) => ({ time: seconds * 1e6, nodes: [{ node_id: 7, operators }] });

test("a node takes what its first operator takes and gives what its last one gives", () => {
  assert.deepEqual(rowsOf(plan(0, operator(10, 8), operator(8, 2)).nodes[0]), { in: 10, out: 2 });
  assert.equal(rowsOf(plan(0, { figures: null }).nodes[0]), null);
});

test("rates are differences of two plans", () => {
  const [before, now] = [plan(1, operator(10, 5)), plan(3, operator(30, 15))];
  assert.deepEqual(rates(before, now), new Map([[7, { in: 10, out: 5 }]]));
});

test("there are no rates without an earlier plan or over a restart", () => {
  const now = plan(3, operator(30, 15));
  for (const before of [null, now, plan(1, operator(31, 15)), plan(1, { figures: null }), { time: 0, nodes: [] }]) {
    assert.equal(rates(before, now).size, 0);
  }
});

test("backpressure has three grades", () => {
  assert.deepEqual([0, 0.33, 0.34, 0.66, 0.67, 1].map(pressure), ["low", "low", "medium", "medium", "high", "high"]);
});
