// @ts-check
// Places the nodes of a graph without cycles in layers from top to bottom.

/**
 * @typedef {{ id: number, inputs: number[], height: number }} GraphNode
 * @typedef {{ x: number, y: number }} Point
 * @typedef {{ id: number | null, from: Slot[], width: number, height: number, x: number, y: number }} Slot
 *   A place in a layer: of a node, or (without an id) of an edge that passes the layer.
 */

const PASSING_WIDTH = 24;

/**
 * How many layers each node is below the first one. A node that reads nothing stands right above who reads it.
 * @param {GraphNode[]} nodes
 */
export function depths(nodes) {
  const known = new Set(nodes.map((node) => node.id));
  /** @type {Map<number, number>} */
  const depth = new Map(nodes.map((node) => [node.id, 0]));
  // As many rounds as a path can be long: a cycle, which no program has, would end, too.
  for (let round = 0, changed = true; changed && round < nodes.length; round++) {
    changed = false;
    for (const node of nodes) {
      const inputs = node.inputs.filter((id) => known.has(id)).map((id) => (depth.get(id) ?? 0) + 1);
      const lowest = Math.max(0, ...inputs);
      changed ||= lowest !== depth.get(node.id);
      depth.set(node.id, lowest);
    }
  }
  for (const node of nodes.filter((node) => node.inputs.length === 0)) {
    const readers = nodes.filter((reader) => reader.inputs.includes(node.id)).map((reader) => depth.get(reader.id) ?? 0);
    if (readers.length > 0) depth.set(node.id, Math.max(0, Math.min(...readers) - 1));
  }
  return depth;
}

/**
 * The slots of each layer, from left to right in the order of what they read.
 * @param {GraphNode[]} nodes
 * @param {number} width
 */
function layers(nodes, width) {
  const depth = depths(nodes);
  /** @type {Slot[][]} */
  const rows = Array.from({ length: Math.max(-1, ...depth.values()) + 1 }, () => []);
  /** @type {Map<number, Slot>} */
  const slots = new Map();
  for (const { id, height } of nodes) {
    const slot = { id, from: [], width, height, x: 0, y: 0 };
    slots.set(id, slot);
    rows[depth.get(id) ?? 0].push(slot);
  }
  const edges = [];
  for (const node of nodes) {
    for (const input of new Set(node.inputs)) {
      const [source, target] = [slots.get(input), slots.get(node.id)];
      if (!source || !target) continue;
      let last = source;
      const passed = [];
      for (let row = (depth.get(input) ?? 0) + 1; row < (depth.get(node.id) ?? 0); row++) {
        last = { id: null, from: [last], width: PASSING_WIDTH, height: 0, x: 0, y: 0 };
        rows[row].push(last);
        passed.push(last);
      }
      target.from.push(last);
      edges.push({ from: input, to: node.id, slots: [source, ...passed, target] });
    }
  }
  for (const [number, row] of rows.entries()) {
    const above = rows[number - 1] ?? [];
    const rank = (/** @type {Slot} */ slot) =>
      slot.from.reduce((sum, from) => sum + above.indexOf(from), 0) / Math.max(slot.from.length, 1);
    row.sort((left, right) => rank(left) - rank(right));
  }
  return { rows, slots, edges };
}

/**
 * Where each node's upper left corner is, and through which points each edge goes.
 * @param {GraphNode[]} nodes
 * @param {{ width: number, gapX: number, gapY: number }} sizes
 */
export function layout(nodes, { width, gapX, gapY }) {
  const { rows, slots, edges } = layers(nodes, width);
  const breadth = (/** @type {Slot[]} */ row) => row.reduce((sum, slot) => sum + slot.width + gapX, -gapX);
  const widest = Math.max(0, ...rows.map(breadth));
  let y = 0;
  for (const row of rows) {
    let x = (widest - breadth(row)) / 2;
    for (const slot of row) {
      [slot.x, slot.y] = [x, y];
      x += slot.width + gapX;
    }
    y += Math.max(...row.map((slot) => slot.height)) + gapY;
  }
  return {
    width: widest,
    height: Math.max(0, y - gapY),
    places: new Map([...slots].map(([id, { x, y }]) => [id, { x, y }])),
    edges: edges.map(({ from, to, slots }) => ({ from, to, points: points(slots) })),
  };
}

/**
 * Out of the bottom of the first slot, through the middle of the others, into the top of the last one.
 * @param {Slot[]} slots
 * @returns {Point[]}
 */
function points(slots) {
  return slots.map((slot, index) => ({ x: slot.x + slot.width / 2, y: slot.y + (index === 0 ? slot.height : 0) }));
}

/**
 * The path of an edge, as SVG has it.
 * @param {Point[]} points
 */
export function curve([first, ...others]) {
  let [from, path] = [first, `M ${first.x} ${first.y}`];
  for (const to of others) {
    const middle = (from.y + to.y) / 2;
    path += ` C ${from.x} ${middle}, ${to.x} ${middle}, ${to.x} ${to.y}`;
    from = to;
  }
  return path;
}
