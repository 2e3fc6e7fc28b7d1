// @ts-check

/**
 * Rows from the text of a JSON array of objects.
 * Numbers of more digits than JavaScript has are kept as the text that they came as.
 * @param {string} text
 * @returns {Record<string, unknown>[]}
 */
export function parseRows(text) {
  const kept = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) => {
    const digits = token.replace(/[eE].*/, "").replace(/\D/g, "").length;
    return token.startsWith('"') || digits <= 15 ? token : `"${token}"`;
  });
  return JSON.parse(kept);
}

/** @param {unknown} value */
export function cellText(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
