import assert from "node:assert/strict";
import { test } from "node:test";

import { curve, depths, layout } from "../graph.js";

const SIZES = { width: 100, gapX: 10, gapY: 20 };
const node = (id, ...inputs) => ({ id, inputs, height: 40 });

function overlap(nodes) {
  const { places } = layout(nodes, SIZES);
  const boxes = [...places.values()];
  return boxes.some((a, i) => boxes.some((b, j) => i < j && Math.abs(a.x - b.x) < 100 && Math.abs(a.y - b.y) < 40));
}

test("a chain goes straight down", () => {
  const { width, height, places, edges } = layout([node(0), node(1, 0), node(2, 1)], SIZES);
  assert.deepEqual([width, height], [100, 160]);
  assert.deepEqual([0, 1, 2].map((id) => places.get(id)), [{ x: 0, y: 0 }, { x: 0, y: 60 }, { x: 0, y: 120 }]);
  assert.deepEqual(edges[0], { from: 0, to: 1, points: [{ x: 50, y: 40 }, { x: 50, y: 60 }] });
});

test("a source stands right above who reads it, and its edge does not pass through boxes", () => {
  const nodes = [node(0), node(1, 0), node(2, 1), node(3), node(4, 2, 3)];
  assert.deepEqual([...depths(nodes).values()], [0, 1, 2, 2, 3]);
  assert.ok(!overlap(nodes));
});

test("an edge over several layers has its own way through them", () => {
  const nodes = [node(0), node(1, 0), node(2, 1), node(3, 2, 0)];
  const { edges } = layout(nodes, SIZES);
  const long = edges.find((edge) => edge.from === 0 && edge.to === 3);
  assert.equal(long.points.length, 4);
  const [, first, second] = long.points;
  for (const point of [first, second]) assert.ok(point.x < 0 || point.x > 100 || point.y > 120, JSON.stringify(point));
  assert.ok(!overlap(nodes));
});

test("branches are ordered as what they read", () => {
  const { places } = layout([node(0), node(1), node(2, 0), node(3, 1), node(4, 3, 2)], SIZES);
  assert.ok(places.get(0).x < places.get(1).x && places.get(2).x < places.get(3).x);
});

test("what no program has ends, too: cycles, unknown inputs, nothing at all, an input twice", () => {
  assert.equal(layout([node(0, 1), node(1, 0)], SIZES).places.size, 2);
  assert.deepEqual(layout([node(0, 9)], SIZES).edges, []);
  assert.deepEqual(layout([], SIZES), { width: 0, height: 0, places: new Map(), edges: [] });
  assert.equal(layout([node(0), node(1, 0, 0)], SIZES).edges.length, 1);
});

test("curves go through all points", () => {
  assert.equal(curve([{ x: 0, y: 0 }, { x: 4, y: 10 }, { x: 4, y: 20 }]), "M 0 0 C 0 5, 4 5, 4 10 C 4 15, 4 15, 4 20");
});
