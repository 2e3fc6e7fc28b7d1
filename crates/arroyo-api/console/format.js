// @ts-check
// Figures as people read them, each on one line. Times and durations come in microseconds.

const SECOND = 1_000_000;

/** @param {string} text */
const unbroken = (text) => text.replaceAll(" ", "\u00a0");

/** @param {number} value */
export const count = (value) => value.toLocaleString("en-US");

/**
 * Three digits and a prefix: `5.72k`.
 * @param {number} value
 */
export function short(value) {
  const prefixes = ["", "k", "M", "G", "T", "P"];
  let power = 0;
  while (Math.abs(value) >= 999.5 && power < prefixes.length - 1) {
    value /= 1000;
    power += 1;
  }
  return `${Number(value.toPrecision(3))}${prefixes[power]}`;
}

/** @param {number} value */
export const bytes = (value) => unbroken(short(value).replace(/([a-zA-Z]?)$/, " $1B"));

/** @param {number} micros */
export function duration(micros) {
  const seconds = Math.max(micros, 0) / SECOND;
  if (seconds < 0.9995) return unbroken(`${Math.round(seconds * 1000)} ms`);
  if (seconds < 59.95) return unbroken(`${seconds.toFixed(1)} s`);
  const units = /** @type {const} */ ([["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]]);
  let left = Math.round(seconds);
  const parts = units.map(([unit, size]) => {
    const whole = Math.floor(left / size);
    left -= whole * size;
    return { whole, text: `${whole} ${unit}` };
  });
  const first = parts.findIndex((part) => part.whole > 0);
  const shown = parts.slice(first, first + 2).filter((part) => part.whole > 0);
  return unbroken(shown.map((part) => part.text).join(" "));
}

/**
 * Date and time of this machine's zone.
 * @param {number} micros
 */
export function time(micros) {
  const date = new Date(micros / 1000);
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return unbroken(`${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`);
}

/**
 * At most `length` characters of `text`.
 * @param {string} text
 * @param {number} length
 */
export const clip = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

export const now = () => Date.now() * 1000;
