// @ts-check
// The errors of a job's log, the newest first.

import { ask } from "./api.js";
import { h, note, put, table } from "./dom.js";
import { time } from "./format.js";
import { ASK } from "./paths.js";

const LINES_MAX = 100;

/**
 * @param {HTMLElement} place
 * @param {import("./pipeline_page.js").Context} context
 * @returns {import("./pipeline_page.js").Tab}
 */
export function showErrors(place, { ids, signal, report }) {
  const load = async () => {
    const { data, hasMore } = await ask(ASK.errors, ids, { query: { limit: LINES_MAX }, signal });
    const rows = data.map((/** @type {any} */ line) => [
      time(line.created_at), line.operator_id, line.task_index, line.message,
      line.details && h("pre", {}, line.details),
    ]);
    const columns = ["Time", "Operator", "Subtask", "Message", "Details"];
    put(place, rows.length > 0 ? table(columns, rows) : note("There are no errors."),
      hasMore && note(`There are more; the newest ${LINES_MAX} are shown.`));
  };
  load().catch(report);
  return { onJob: () => load().catch(report) };
}
