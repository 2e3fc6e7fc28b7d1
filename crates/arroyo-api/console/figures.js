// @ts-check
// What the plan's figures say of nodes.

/**
 * @typedef {{ total: number, max: number }} Figure
 * @typedef {{ rows_in: Figure, rows_out: Figure, busy_micros: Figure, state_bytes: Figure, late_rows: number,
 *   bad_records: number }} OperatorFigures
 * @typedef {{ operator_id: string, name: string, description: string, figures: OperatorFigures | null }} Operator
 * @typedef {{ node_id: number, parallelism: number, inputs: { node_id: number, exchange: string }[],
 *   figures: { backpressure: number, running_micros: Figure } | null, operators: Operator[] }} PlanNode
 * @typedef {{ state: string, time: number, nodes: PlanNode[] }} Plan
 */

/**
 * Rows that came into a node and went out of it; null if nothing is known of its tasks.
 * @param {PlanNode} node
 */
export function rowsOf(node) {
  const [first, last] = [node.operators.at(0)?.figures, node.operators.at(-1)?.figures];
  return first && last ? { in: first.rows_in.total, out: last.rows_out.total } : null;
}

/**
 * Rows per second between two plans, by node; nodes that were started again in between have none.
 * @param {Plan | null} before
 * @param {Plan} now
 */
export function rates(before, now) {
  /** @type {Map<number, { in: number, out: number }>} */
  const found = new Map();
  const seconds = before ? (now.time - before.time) / 1e6 : 0;
  for (const node of seconds > 0 ? now.nodes : []) {
    const earlier = before?.nodes.find((other) => other.node_id === node.node_id);
    const [from, to] = [earlier && rowsOf(earlier), rowsOf(node)];
    if (from && to && to.in >= from.in && to.out >= from.out) {
      found.set(node.node_id, { in: (to.in - from.in) / seconds, out: (to.out - from.out) / seconds });
    }
  }
  return found;
}

/**
 * How full the queues behind a node are, in a word.
 * @param {number} backpressure from 0 to 1
 */
export function pressure(backpressure) {
  if (backpressure <= 0.33) return "low";
  return backpressure <= 0.66 ? "medium" : "high";
}

const AT_REST = ["Stopped", "Finished", "Failed"];

/** @param {string} state of a job */
export const isAtRest = (state) => AT_REST.includes(state);
