// @ts-check
// A pipeline: its head, which is always there, and a tab.

import { Refused, Unavailable, ask, follow } from "./api.js";
import { showCheckpoints } from "./checkpoints_tab.js";
import { badge, confirmed, h, note, problem, put } from "./dom.js";
import { showErrors } from "./errors_tab.js";
import { isAtRest } from "./figures.js";
import { bytes, count, duration, now, short, time } from "./format.js";
import { showOperators } from "./operators_tab.js";
import { showOutputs } from "./outputs_tab.js";
import { ASK } from "./paths.js";

/**
 * What a tab is given, and what it may return: functions that hear of changes.
 * @typedef {{ ids: string[], pipeline: any, job: any, signal: AbortSignal,
 *   report: (error: unknown) => void }} Context
 * @typedef {{ onJob?: (job: any) => void, onProgress?: (progress: any) => void }} Tab
 * @typedef {(place: HTMLElement, context: Context) => Tab} Open
 * @type {Map<string, [title: string, open: Open]>}
 */
const TABS = new Map([
  ["", ["Operators", showOperators]],
  ["outputs", ["Outputs", showOutputs]],
  ["checkpoints", ["Checkpoints", showCheckpoints]],
  ["query", ["Query", showQuery]],
  ["errors", ["Errors", showErrors]],
]);

/** @type {Open} */
function showQuery(place, { pipeline }) {
  put(place, h("pre", { class: "query" }, pipeline.query));
  return {};
}

/**
 * @param {string} id
 * @param {HTMLElement} place
 * @param {AbortSignal} signal of leaving the page
 * @returns {(tab: string) => void} shows a tab
 */
export function openPipeline(id, place, signal) {
  let wanted = "";
  /** @type {PipelinePage | null} */
  let page = null;
  const load = async () => {
    const [pipeline, jobs] = [await ask(ASK.pipeline, [id], { signal }), await ask(ASK.jobsOfPipeline, [id], { signal })];
    page = new PipelinePage(place, pipeline, jobs.data[0], signal);
    page.show(wanted);
  };
  load().catch((error) => {
    if (signal.aborted || error instanceof Unavailable) return;
    const isMissing = error instanceof Refused && error.status === 404;
    put(place, h("h1", {}, isMissing ? "Pipeline not found" : "Pipeline"),
      isMissing ? note(`There is no pipeline ${id}: it was deleted, or the address is wrong.`) : problem(error),
      h("a", { href: "#/" }, "All pipelines"));
  });
  return (tab) => {
    wanted = tab;
    page?.show(tab);
  };
}

class PipelinePage {
  #head = h("div");
  #figures = h("dl", { class: "figures" });
  #trouble = h("div");
  #tabs = h("nav");
  #content = h("section");
  /** @type {Tab} */
  #tab = {};
  #leftTab = new AbortController();
  #hearsProgress = false;

  /**
   * @param {HTMLElement} place
   * @param {any} pipeline
   * @param {any} job
   * @param {AbortSignal} signal of leaving the page
   */
  constructor(place, pipeline, job, signal) {
    this.pipeline = pipeline;
    this.job = job;
    this.signal = signal;
    this.ids = [pipeline.id, job.id];
    document.title = `${pipeline.name} · Arroyo Console`;
    put(place, this.#head, this.#figures, this.#trouble, this.#tabs, this.#content);
    this.#drawHead();
    const onEvent = (/** @type {any} */ changed) => this.#hearJob(changed).catch(this.#report);
    follow(ASK.state, this.ids, { signal, onEvent, onTrouble: this.#report });
    this.#hearProgress();
  }

  /** @param {string} name of a tab */
  show(name) {
    this.#leftTab.abort();
    const left = new AbortController();
    this.#leftTab = left;
    this.signal.addEventListener("abort", () => left.abort(), { signal: left.signal });
    const root = `#/pipelines/${encodeURIComponent(this.pipeline.id)}`;
    put(this.#tabs, ...[...TABS].map(([tab, [title]]) =>
      h("a", { href: tab ? `${root}/${tab}` : root, "aria-current": tab === name && "page" }, title)));
    put(this.#content, note("There is no such tab."));
    const [, open] = TABS.get(name) ?? [];
    const { ids, pipeline, job } = this;
    const report = (/** @type {unknown} */ error) => left.signal.aborted || this.#report(error);
    this.#tab = open?.(this.#content, { ids, pipeline, job, signal: left.signal, report }) ?? {};
  }

  #drawHead() {
    put(this.#head, ...headOf(this.pipeline, this.job, (request) => this.#change(request)));
  }

  #report = (/** @type {unknown} */ error) => {
    if (error instanceof Unavailable || this.signal.aborted) return;
    put(this.#trouble, problem(error));
  };

  /** @param {() => Promise<any>} request that answers the changed pipeline */
  async #change(request) {
    put(this.#trouble);
    this.#head.querySelectorAll("button").forEach((button) => (button.disabled = true));
    try {
      this.pipeline = await request();
    } catch (error) {
      this.#report(error);
    }
    this.#drawHead();
  }

  /** @param {any} job */
  async #hearJob(job) {
    this.job = job;
    // The text of the button depends on the state.
    this.pipeline = await ask(ASK.pipeline, [job.pipeline_id], { signal: this.signal });
    put(this.#trouble);
    this.#drawHead();
    this.#tab.onJob?.(job);
    if (!isAtRest(job.state)) this.#hearProgress();
  }

  /** Until the job rests: then the API ends the stream. */
  async #hearProgress() {
    if (this.#hearsProgress) return;
    this.#hearsProgress = true;
    let { state } = this.job;
    const onEvent = (/** @type {any} */ progress) => {
      state = progress.state;
      put(this.#figures, ...figuresOf(progress));
      this.#tab.onProgress?.(progress);
    };
    await follow(ASK.progress, this.ids, {
      signal: this.signal, onEvent, onTrouble: this.#report, isOver: () => isAtRest(state),
    });
    this.#hearsProgress = false;
  }
}

/**
 * @param {any} pipeline
 * @param {any} job
 * @param {(request: () => Promise<any>) => void} change
 */
function headOf(pipeline, job, change) {
  const facts = [
    pipeline.id, job.id, `parallelism ${pipeline.parallelism}`, `created ${time(pipeline.created_at)}`,
    `checkpoint every ${duration(pipeline.checkpoint_interval_micros)}`, job.restarts > 0 && `${job.restarts} restarts`,
    pipeline.state_url, ...Object.entries(pipeline.tags).map(([name, value]) => `${name}: ${value}`),
  ];
  return [
    h("div", { class: "title" },
      h("h1", {}, pipeline.name || pipeline.id), badge(job.state), ...buttons(pipeline, job, change)),
    h("p", { class: "facts" }, ...facts.filter(Boolean).map((fact) => h("span", {}, fact))),
    failure(job),
    job.stop_reason && note(`Stopped: ${job.stop_reason.replaceAll("_", " ")}`),
  ];
}

/**
 * @param {any} pipeline
 * @param {any} job
 * @param {(request: () => Promise<any>) => void} change
 */
function buttons(pipeline, job, change) {
  const { id, name, action, action_text: text, action_in_progress: busy } = pipeline;
  const act = async () => {
    const how = action === "checkpoint"
      ? "A final checkpoint is taken, from which it goes on when it is started again."
      : "No final checkpoint is taken: what came since the last one is processed again at the next start.";
    if (action === "none" || await confirmed(`Stop ${name}? ${how}`, text)) {
      change(() => ask(ASK.change, [id], { body: { stop: action } }));
    }
  };
  const anew = async () => {
    const meaning = "Sources are read from their beginning, and the state so far is not used.";
    if (await confirmed(`Start ${name} from nothing? ${meaning}`, "Start from nothing")) {
      change(() => ask(ASK.restart, [id], { body: { ignore_state: true } }));
    }
  };
  return [
    h("button", { class: busy && "busy", disabled: !action, click: act }, text),
    isAtRest(job.state) && h("button", { click: anew }, "Start from nothing"),
  ];
}

/** @param {any} job */
function failure({ failure_reason: reason, state }) {
  if (!reason) return null;
  const isOver = !["Failed", "Failing", "Recovering"].includes(state);
  return h("div", { class: isOver ? "note" : "alert" },
    h("strong", {}, isOver ? "Recovered from: " : "", reason.operator ? `${reason.operator}: ` : ""), reason.error,
    reason.hint && h("p", {}, reason.hint));
}

/** @param {any} progress */
function figuresOf(progress) {
  const { checkpoint, watermark_micros: watermark } = progress;
  const figure = (/** @type {string} */ name, /** @type {string} */ value, /** @type {unknown} */ more) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value, more ? h("small", {}, ` ${more}`) : ""));
  return [
    figure("Rows in", count(progress.rows_in), `${short(progress.rows_in_per_second)}/s`),
    figure("Rows out", count(progress.rows_out), `${short(progress.rows_out_per_second)}/s`),
    watermark !== undefined && figure("Watermark", time(watermark), `${duration(now() - watermark)} behind`),
    checkpoint && figure("Last checkpoint", String(checkpoint.epoch),
      `${bytes(checkpoint.bytes)} in ${duration(checkpoint.duration_micros)}`),
    progress.failed_checkpoints > 0 && figure("Failed checkpoints", count(progress.failed_checkpoints), ""),
    progress.late_rows > 0 && figure("Late rows", count(progress.late_rows), ""),
    progress.bad_records > 0 && figure("Bad records", count(progress.bad_records), ""),
  ];
}
