// @ts-check
// Rows of a preview sink as they come, the newest first.

import { follow } from "./api.js";
import { h, messageOf, note, put, table } from "./dom.js";
import { count, time } from "./format.js";
import { ASK } from "./paths.js";
import { cellText, parseRows } from "./rows.js";

const ROWS_MAX = 200;

/**
 * @param {HTMLElement} place
 * @param {import("./pipeline_page.js").Context} context
 * @returns {import("./pipeline_page.js").Tab}
 */
export function showOutputs(place, { ids, pipeline, signal }) {
  if (!pipeline.graph.nodes.some((/** @type {any} */ node) => node.operator === "preview")) {
    put(place, note("This pipeline has no preview sink: its rows go where its query writes them."));
    return {};
  }
  const [status, content] = [note("Waiting for rows."), h("div", { class: "tall" })];
  put(place, status, content);
  /** @type {{ time: number, row: Record<string, unknown> }[]} */
  let rows = [];
  let [read, frame] = [0, 0];
  const draw = () => {
    frame = 0;
    const shown = read > ROWS_MAX ? `; the last ${ROWS_MAX} are shown` : "";
    put(status, `${count(read)} rows since this tab was opened${shown}.`);
    const columns = [...new Set(rows.flatMap(({ row }) => Object.keys(row)))];
    const cells = rows.map(({ time: at, row }) => [time(at), ...columns.map((column) => cellText(row[column]))]);
    put(content, table(["Event time", ...columns], cells));
  };
  follow(ASK.output, ids, {
    signal,
    onTrouble: (error) => read === 0 && put(status, messageOf(error)),
    onEvent: ({ batch, timestamps }) => {
      const added = parseRows(batch).map((row, index) => ({ time: timestamps[index], row }));
      read += added.length;
      rows = [...added.slice(-ROWS_MAX).reverse(), ...rows].slice(0, ROWS_MAX);
      // A fast stream is drawn as often as the screen is.
      frame ||= requestAnimationFrame(draw);
    },
  });
  return {};
}
