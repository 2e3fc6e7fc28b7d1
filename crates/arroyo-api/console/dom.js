// @ts-check
// Elements are made of text and attributes only: nothing that the API says is read as HTML.

/**
 * @typedef {Node | string | number | null | undefined | false} Child
 * @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => unknown)>} Attributes
 */

/**
 * @template {Element} E
 * @param {E} element
 * @param {Attributes} attributes functions listen to the event of their name
 * @param {Child[]} children
 * @returns {E}
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  put(element, ...children);
  return element;
}

/**
 * An element of HTML.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Attributes} [attributes]
 * @param {...Child} children
 */
export const h = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);

/**
 * An element of SVG.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} name
 * @param {Attributes} [attributes]
 * @param {...Child} children
 */
export const svg = (name, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

/**
 * Replaces what is in an element.
 * @param {Element} element
 * @param {...Child} children
 */
export function put(element, ...children) {
  const shown = children.filter((child) => child !== null && child !== undefined && child !== false);
  element.replaceChildren(...shown.map((child) => (child instanceof Node ? child : String(child))));
}

/**
 * A table; cells are texts or elements.
 * @param {string[]} columns
 * @param {Child[][]} rows
 */
export function table(columns, rows) {
  const head = h("tr", {}, ...columns.map((column) => h("th", { scope: "col" }, column)));
  const body = rows.map((cells) => h("tr", {}, ...cells.map((cell) => h("td", {}, cell))));
  return h("div", { class: "wide" }, h("table", {}, h("thead", {}, head), h("tbody", {}, ...body)));
}

/** @param {string} state of a job */
export const badge = (state) => h("span", { class: `state ${state.toLowerCase()}` }, state);

/** @param {unknown} error */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/** @param {unknown} error */
export const problem = (error) => h("p", { class: "alert", role: "alert" }, messageOf(error));

/** @param {string} text */
export const note = (text) => h("p", { class: "note" }, text);

/**
 * Asks before something is done.
 * @param {string} question
 * @param {string} verb of the button that agrees
 * @returns {Promise<boolean>}
 */
export function confirmed(question, verb) {
  const dialog = h("dialog", {},
    h("form", { method: "dialog" },
      h("p", {}, question),
      h("p", { class: "buttons" },
        h("button", { value: "" }, "Cancel"), h("button", { value: "yes", class: "danger" }, verb))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
