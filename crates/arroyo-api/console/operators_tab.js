// @ts-check
// The graph of a pipeline's program, with what each node does.

import { ask, every } from "./api.js";
import { h, note, put, svg, table } from "./dom.js";
import { isAtRest, pressure, rates, rowsOf } from "./figures.js";
import { bytes, clip, count, short } from "./format.js";
import { curve, layout } from "./graph.js";
import { ASK } from "./paths.js";

const INTERVAL_MS = 2_000;
const SIZES = { width: 340, gapX: 40, gapY: 60 };
const LINE = 18;
const PADDING = 10;
/** Characters that fit into a box, and beside an edge. */
const [TEXT_MAX, LABEL_MAX] = [48, 44];

/**
 * @param {HTMLElement} place
 * @param {import("./pipeline_page.js").Context} context
 * @returns {import("./pipeline_page.js").Tab}
 */
export function showOperators(place, { ids, job, signal, report }) {
  const [canvas, details] = [h("div", { class: "wide" }), h("div")];
  put(place, canvas, details);
  /** @type {import("./figures.js").Plan | null} */
  let before = null;
  let [shape, selected, state] = ["", -1, job.state];
  /** @type {Map<number, Box>} */
  let boxes = new Map();
  const select = (/** @type {number} */ id) => {
    selected = selected === id ? -1 : id;
    mark();
  };
  const mark = () => {
    boxes.forEach((box, id) => box.group.setAttribute("aria-pressed", String(id === selected)));
    const node = before?.nodes.find((node) => node.node_id === selected);
    put(details, node ? detailsOf(node) : note("Choose a node to see its operators."));
  };
  const refresh = async () => {
    /** @type {import("./figures.js").Plan} */
    const plan = await ask(ASK.plan, ids, { signal });
    const drawn = JSON.stringify(plan.nodes, (key, value) => (key === "figures" ? undefined : value));
    if (drawn !== shape) {
      const drawing = draw(plan.nodes, select);
      boxes = drawing.boxes;
      put(canvas, drawing.element);
    }
    const speeds = isAtRest(plan.state) ? new Map() : rates(before, plan);
    for (const node of plan.nodes) fillIn(boxes.get(node.node_id), node, speeds.get(node.node_id));
    [before, shape] = [plan, drawn];
    mark();
  };
  every(INTERVAL_MS, signal, async () => (before && isAtRest(state) ? undefined : refresh()), report);
  return {
    onJob: (changed) => {
      state = changed.state;
      refresh().catch(report);
    },
  };
}

/**
 * The changing parts of a node's picture.
 * @typedef {{ group: SVGGElement, speed: SVGTextElement, rows: SVGTextElement }} Box
 * @param {import("./figures.js").PlanNode[]} nodes
 * @param {(id: number) => void} select
 */
function draw(nodes, select) {
  const sized = nodes.map((node) => ({
    id: node.node_id,
    inputs: node.inputs.map((input) => input.node_id),
    height: (node.operators.length + 3) * LINE + PADDING,
  }));
  const { width, height, places, edges } = layout(sized, SIZES);
  // Room for the lines around the boxes.
  const [wide, high] = [width + 4, height + 4];
  const lines = edges.flatMap(({ from, to, points }) => {
    const inputs = nodes.find((node) => node.node_id === to)?.inputs.filter((input) => input.node_id === from) ?? [];
    const label = inputs.map((input) => input.exchange).join(", ");
    const [last, end] = points.slice(-2);
    return [
      svg("path", { class: "edge", d: curve(points), "marker-end": "url(#arrow)" }, svg("title", {}, label)),
      svg("text", { class: "label", x: (last.x + end.x) / 2, y: end.y - SIZES.gapY / 2 + 4 }, clip(label, LABEL_MAX)),
    ];
  });
  /** @type {Map<number, Box>} */
  const boxes = new Map();
  for (const [index, { node_id: id }] of nodes.entries()) {
    boxes.set(id, box(nodes[index], sized[index].height, places.get(id) ?? { x: 0, y: 0 }, () => select(id)));
  }
  const arrow = svg("marker",
    { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
    svg("path", { class: "arrow", d: "M 0 0 L 8 4 L 0 8 z" }));
  const viewBox = `-2 -2 ${wide} ${high}`;
  const element = svg("svg",
    { class: "graph", width: wide, height: high, viewBox, role: "group", "aria-label": "Operators" },
    svg("defs", {}, arrow), ...lines, ...[...boxes.values()].map((box) => box.group));
  return { element, boxes };
}

/**
 * @param {import("./figures.js").PlanNode} node
 * @param {number} height
 * @param {import("./graph.js").Point} corner
 * @param {() => void} select
 * @returns {Box}
 */
function box(node, height, { x, y }, select) {
  const line = (/** @type {number} */ number, /** @type {string} */ kind, /** @type {string} */ text) =>
    svg("text", { class: kind, x: PADDING, y: (number + 1) * LINE }, clip(text, TEXT_MAX));
  const { length } = node.operators;
  const [speed, rows] = [line(length + 1, "speed", ""), line(length + 2, "rows", "")];
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    if (!["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    select();
  };
  const attributes = { transform: `translate(${x} ${y})`, tabindex: 0, role: "button", click: select, keydown: pressed };
  const group = svg("g", attributes,
    svg("title", {}, node.operators.map((operator) => `${operator.name}: ${operator.description}`).join("\n")),
    svg("rect", { width: SIZES.width, height, rx: 6 }),
    line(0, "number", `node ${node.node_id} ×${node.parallelism}`),
    ...node.operators.map((operator, index) => line(index + 1, "operator", operator.description || operator.name)),
    speed, rows);
  return { group, speed, rows };
}

/**
 * @param {Box | undefined} box
 * @param {import("./figures.js").PlanNode} node
 * @param {{ in: number, out: number } | undefined} speed
 */
function fillIn(box, node, speed) {
  if (!box) return;
  const [rows, { backpressure = 0 }] = [rowsOf(node), node.figures ?? {}];
  box.group.setAttribute("class", `node ${node.figures ? pressure(backpressure) : "unknown"}`);
  box.speed.textContent = speed
    ? `${short(speed.in)}/s in · ${short(speed.out)}/s out · backpressure ${pressure(backpressure)}` : "";
  box.rows.textContent = rows ? `${count(rows.in)} rows in · ${count(rows.out)} rows out` : "nothing known of its tasks";
}

/** @param {import("./figures.js").PlanNode} node */
function detailsOf(node) {
  const running = node.figures?.running_micros.total || 1;
  const rows = node.operators.map(({ name, description, operator_id, figures }) => {
    const what = h("span", { title: operator_id }, name, ": ", description);
    if (!figures) return [what, "–", "–", "–", "–", "–", "–"];
    const busy = `${Math.round((100 * figures.busy_micros.total) / running)}%`;
    const { rows_in, rows_out, state_bytes, late_rows, bad_records } = figures;
    const rows = [count(rows_in.total), count(rows_out.total)];
    return [what, ...rows, busy, bytes(state_bytes.total), count(late_rows), count(bad_records)];
  });
  const columns = ["Operator", "Rows in", "Rows out", "Busy", "State", "Late", "Bad"];
  return h("div", {}, h("h2", {}, `Node ${node.node_id}`), table(columns, rows));
}
