// @ts-check
// Asks the API, and says when it cannot be reached or wants a key.

import { eventsOf } from "./event_stream.js";
import { ASK, fill } from "./paths.js";

const WAIT_MIN_MS = 500;
const WAIT_MAX_MS = 10_000;
const KEY = "arroyo-api-key";

const declared = /** @type {HTMLMetaElement} */ (document.querySelector("meta[name=arroyo-api]")).content;
/** Relative to the page, so that both can be behind a path of a proxy. */
const root = new URL(`${declared}/`, document.baseURI);

/** `unavailable`, `available` and `unauthorized`. */
export const changes = new EventTarget();

/** A request that the API has refused. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} reason
   */
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}

/** The API did not answer; the page shows so as a whole. */
export class Unavailable extends Error {}

/** @param {string} path */
export const urlOf = (path) => new URL(path, root).href;

export const hasKey = () => sessionStorage.getItem(KEY) !== null;

/** @param {string} key for all requests, until the tab is closed */
export const useKey = (key) => sessionStorage.setItem(KEY, key);

/**
 * @typedef {{ query?: Record<string, string | number>, body?: object, signal?: AbortSignal }} Options
 * @param {string} endpoint one of ASK
 * @param {(string | number)[]} values of the path's parameters
 * @param {Options} options
 */
async function send(endpoint, values, { query = {}, body, signal }) {
  const { method, path } = fill(endpoint, values);
  const url = new URL(path, root);
  Object.entries(query).forEach(([name, value]) => url.searchParams.set(name, String(value)));
  const headers = new Headers(body && { "content-type": "application/json" });
  const key = sessionStorage.getItem(KEY);
  if (key) headers.set("authorization", `Bearer ${key}`);
  const request = { method, headers, signal, body: body && JSON.stringify(body) };
  const answer = await fetch(url, { ...request, cache: "no-store" }).catch((error) => {
    if (signal?.aborted) throw error;
  });
  // 502 and 504 are a proxy's answers in the API's place.
  if (!answer || answer.status === 502 || answer.status === 504) {
    changes.dispatchEvent(new Event("unavailable"));
    throw new Unavailable(`${url.origin} does not answer`);
  }
  if (answer.ok) return answer;
  if (answer.status === 401) changes.dispatchEvent(new Event("unauthorized"));
  const told = await answer.json().catch(() => ({}));
  throw new Refused(answer.status, told.error ?? `the API answered ${answer.status} ${answer.statusText}`);
}

/**
 * The API's answer.
 * @param {string} endpoint one of ASK
 * @param {(string | number)[]} [values] of the path's parameters
 * @param {Options} [options]
 * @returns {Promise<any>}
 */
export const ask = async (endpoint, values = [], options = {}) => (await send(endpoint, values, options)).json();

/**
 * Gives the events of a stream, connecting again until `signal`, or until the stream ends and `isOver`.
 * Connected only while the page is seen: browsers give all pages of a server few connections.
 * @param {string} endpoint one of ASK
 * @param {(string | number)[]} values of the path's parameters
 * @param {{ signal: AbortSignal, onEvent: (data: any) => void, onTrouble: (error: unknown) => void,
 *   isOver?: () => boolean }} how
 */
export async function follow(endpoint, values, { signal, onEvent, onTrouble, isOver = () => false }) {
  let wait = WAIT_MIN_MS;
  while (!signal.aborted) {
    await seen(signal);
    if (signal.aborted) return;
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    signal.addEventListener("abort", stop, { signal: attempt.signal });
    document.addEventListener("visibilitychange", () => document.hidden && stop(), { signal: attempt.signal });
    try {
      const { body } = await send(endpoint, values, { signal: attempt.signal });
      for await (const data of eventsOf(/** @type {ReadableStream<Uint8Array>} */ (body))) {
        wait = WAIT_MIN_MS;
        onEvent(JSON.parse(data));
      }
      if (isOver()) return;
    } catch (error) {
      if (signal.aborted) return;
      if (attempt.signal.aborted) continue;
      onTrouble(error);
      if (error instanceof Refused && error.status === 404) return;
    } finally {
      stop();
    }
    await pause(wait, signal);
    wait = Math.min(2 * wait, WAIT_MAX_MS);
  }
}

/**
 * Does something again and again while the page is seen.
 * @param {number} interval_ms from the end of one time to the next
 * @param {AbortSignal} signal
 * @param {() => Promise<unknown>} task
 * @param {(error: unknown) => void} onTrouble
 */
export async function every(interval_ms, signal, task, onTrouble) {
  while (!signal.aborted) {
    await seen(signal);
    await task().catch((error) => signal.aborted || onTrouble(error));
    await pause(interval_ms, signal);
  }
}

/** Asks until the API answers. */
export async function answered() {
  const never = new AbortController().signal;
  for (let wait = WAIT_MIN_MS; ; wait = Math.min(2 * wait, WAIT_MAX_MS)) {
    await pause(wait, never);
    await seen(never);
    const outcome = await ask(ASK.ping).catch((error) => error);
    if (!(outcome instanceof Unavailable)) return changes.dispatchEvent(new Event("available"));
  }
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal
 */
function pause(ms, signal) {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", over);
      resolve(undefined);
    };
    const timer = setTimeout(over, ms);
    signal.addEventListener("abort", over);
  });
}

/**
 * Waits until the page is seen.
 * @param {AbortSignal} signal
 */
function seen(signal) {
  if (!document.hidden || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = new AbortController();
    const over = () => (end.abort(), resolve(undefined));
    document.addEventListener("visibilitychange", over, { signal: end.signal });
    signal.addEventListener("abort", over, { signal: end.signal });
  });
}
