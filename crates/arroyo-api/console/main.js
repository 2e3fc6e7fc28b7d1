// @ts-check
// Shows the page that the address names: `#/`, `#/pipelines/<id>` and `#/pipelines/<id>/<tab>`.

import { answered, changes, hasKey, urlOf, useKey } from "./api.js";
import { h, note, put } from "./dom.js";
import { openPipeline } from "./pipeline_page.js";
import { showPipelines } from "./pipelines_page.js";

const page = /** @type {HTMLElement} */ (document.getElementById("page"));
const unavailable = /** @type {HTMLElement} */ (document.getElementById("unavailable"));
const documentation = /** @type {HTMLAnchorElement} */ (document.getElementById("documentation"));

/**
 * The page that is shown; `show` changes its tab.
 * @type {{ key: string, left: AbortController, show: (tab: string) => void }}
 */
let current = { key: "", left: new AbortController(), show: () => {} };

function route() {
  const [path, query] = location.hash.slice(1).split("?", 2);
  const [place = "", id = "", tab = ""] = path.split("/").slice(1).map(decoded);
  const isPipeline = place === "pipelines" && id !== "";
  const key = isPipeline ? `pipeline ${id}` : `page ${location.hash}`;
  if (key === current.key) return current.show(tab);
  current.left.abort();
  const left = new AbortController();
  current = { key, left, show: () => {} };
  document.title = "Arroyo Console";
  const content = h("div");
  put(page, content);
  if (isPipeline) {
    current.show = openPipeline(id, content, left.signal);
    current.show(tab);
  } else if (place === "" || place === "pipelines") {
    showPipelines(content, new URLSearchParams(query).get("after"), left.signal);
  } else {
    put(content, h("h1", {}, "Page not found"), note("There is no such page."), h("a", { href: "#/" }, "All pipelines"));
  }
}

/** @param {string} part of an address */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function again() {
  current.key = "";
  route();
}

changes.addEventListener("unavailable", () => {
  if (!unavailable.hidden) return;
  unavailable.hidden = false;
  answered();
});

changes.addEventListener("available", () => {
  unavailable.hidden = true;
  again();
});

changes.addEventListener("unauthorized", () => {
  current.left.abort();
  current.key = "";
  const field = h("input", { id: "key", type: "password", required: true, pattern: "[!-~]+", autocomplete: "off" });
  const agree = (/** @type {Event} */ event) => {
    event.preventDefault();
    useKey(field.value);
    again();
  };
  put(page,
    h("h1", {}, "API key"),
    note(hasKey() ? "The API refuses this key." : "The API wants a key, the one of api.auth-mode.api-key."),
    note("It is kept until this tab is closed."),
    h("form", { class: "buttons", submit: agree }, h("label", { for: "key" }, "Key"), field, h("button", {}, "Use it")));
  field.focus();
});

documentation.href = urlOf("swagger-ui/");
window.addEventListener("hashchange", route);
route();
