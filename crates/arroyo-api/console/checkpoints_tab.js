// @ts-check
// A job's checkpoints, the newest first; one of them by operator.

import { ask } from "./api.js";
import { h, note, put, table } from "./dom.js";
import { bytes, count, duration, time } from "./format.js";
import { ASK } from "./paths.js";

/**
 * @param {HTMLElement} place
 * @param {import("./pipeline_page.js").Context} context
 * @returns {import("./pipeline_page.js").Tab}
 */
export function showCheckpoints(place, { ids, signal, report }) {
  const [list, details] = [h("div"), h("div")];
  put(place, list, details);
  let newest = -1;
  const open = async (/** @type {number} */ epoch) => {
    const { data } = await ask(ASK.checkpointParts, [...ids, epoch], { signal });
    // A plan of another version of Arroyo cannot be read; checkpoints can.
    const plan = await ask(ASK.plan, ids, { signal }).catch(() => ({ nodes: [] }));
    const known = plan.nodes.flatMap((/** @type {import("./figures.js").PlanNode} */ node) => node.operators);
    const parts = data.length > 0 ? partsOf(data, known) : note("Nothing is known of its parts yet.");
    put(details, h("h2", {}, `Checkpoint ${epoch}`), parts);
    details.scrollIntoView({ block: "nearest" });
  };
  const load = async () => {
    const { data } = await ask(ASK.checkpoints, ids, { signal });
    const rows = data.reverse().map((/** @type {any} */ checkpoint) => [
      h("button", { class: "link", click: () => open(checkpoint.epoch).catch(report) }, checkpoint.epoch),
      checkpoint.checkpoint_type,
      time(checkpoint.start_time),
      checkpoint.finish_time ? duration(checkpoint.finish_time - checkpoint.start_time) : "in progress",
      bytes(checkpoint.bytes),
    ]);
    const columns = ["Epoch", "Type", "Started", "Duration", "Size"];
    put(list, rows.length > 0 ? table(columns, rows) : note("There is no checkpoint yet."));
  };
  load().catch(report);
  return {
    onProgress: ({ checkpoint }) => {
      if (!checkpoint || checkpoint.epoch === newest) return;
      newest = checkpoint.epoch;
      load().catch(report);
    },
  };
}

/**
 * @param {any[]} parts
 * @param {import("./figures.js").Operator[]} known the operators of the plan, in its order
 */
function partsOf(parts, known) {
  const longest = (/** @type {any} */ part, /** @type {string} */ step) => {
    const spans = part.subtasks.flatMap((/** @type {any} */ subtask) => subtask.event_spans);
    const lasted = spans
      .filter((/** @type {any} */ span) => span.event === step && span.finish_time > 0)
      .map((/** @type {any} */ span) => span.finish_time - span.start_time);
    return lasted.length > 0 ? duration(Math.max(...lasted)) : "–";
  };
  const steps = ["Alignment", "Sync", "Async", "Committing"];
  const placeOf = (/** @type {string} */ id) => known.findIndex(({ operator_id }) => operator_id === id);
  const placed = parts.map((part) => ({ part, place: placeOf(part.operator_id) }));
  placed.sort((left, right) => left.place - right.place);
  const rows = placed.map(({ part, place }) => {
    const operator = known[place];
    const name = operator ? `${operator.name}: ${operator.description}` : part.operator_id;
    return [h("span", { title: part.operator_id }, name), count(part.subtasks.length), bytes(part.bytes),
      ...steps.map((step) => longest(part, step))];
  });
  return h("div", {},
    table(["Operator", "Subtasks", "Size", ...steps], rows), note("Durations are those of the slowest subtask."));
}
