// @ts-check
// All pipelines, the newest first.

import { Unavailable, ask, every, urlOf } from "./api.js";
import { badge, h, note, problem, put, table } from "./dom.js";
import { isAtRest } from "./figures.js";
import { duration, now, time } from "./format.js";
import { ASK } from "./paths.js";

const INTERVAL_MS = 3_000;
const PAGE_SIZE = 50;

/**
 * @param {HTMLElement} place
 * @param {string | null} after the id of the last pipeline of the page before
 * @param {AbortSignal} signal
 */
export function showPipelines(place, after, signal) {
  const content = h("div");
  put(place, h("h1", {}, "Pipelines"), content);
  let shown = "";
  /** @type {(() => void)[]} */
  let clocks = [];
  const refresh = async () => {
    const query = { limit: PAGE_SIZE, ...(after && { starting_after: after }) };
    const answers = await Promise.all([ask(ASK.pipelines, [], { query, signal }), ask(ASK.jobs, [], { signal })]);
    const text = JSON.stringify(answers);
    if (text !== shown) {
      const [{ data, hasMore }, jobs] = answers;
      clocks = [];
      put(content, data.length > 0 ? list(data, jobs.data, clocks) : empty(after));
      if (hasMore) {
        content.append(h("a", { href: `#/?after=${encodeURIComponent(data.at(-1).id)}` }, "Older pipelines"));
      }
    }
    shown = text;
    clocks.forEach((clock) => clock());
  };
  every(INTERVAL_MS, signal, refresh, (error) => {
    shown = "";
    if (!(error instanceof Unavailable)) put(content, problem(error));
  });
}

/**
 * @param {any[]} pipelines
 * @param {any[]} jobs
 * @param {(() => void)[]} clocks gets what shows how long pipelines have been running
 */
function list(pipelines, jobs, clocks) {
  const rows = pipelines.map((pipeline) => {
    const job = jobs.find((job) => job.pipeline_id === pipeline.id);
    const runtime = h("span");
    clocks.push(() => put(runtime, runtimeOf(job)));
    const link = h("a", { href: `#/pipelines/${encodeURIComponent(pipeline.id)}` }, pipeline.name || pipeline.id);
    const created = time(pipeline.created_at);
    return [link, badge(pipeline.state), h("code", {}, pipeline.id), created, runtime, pipeline.parallelism];
  });
  return table(["Name", "State", "Id", "Created", "Runtime", "Parallelism"], rows);
}

/** @param {any} job */
function runtimeOf(job) {
  if (!job?.start_time) return "–";
  const end = isAtRest(job.state) ? job.finish_time : now();
  return end ? duration(end - job.start_time) : "–";
}

/** @param {string | null} after */
function empty(after) {
  if (after) return note("There are no older pipelines.");
  return h("div", {},
    note("There is no pipeline yet. Start one with:"), h("pre", {}, `arroyo run --endpoint ${urlOf("")} query.sql`));
}
