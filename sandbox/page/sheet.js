// A sheet that slides over a phone: actions, rows of a list, people, files to send. Arrow keys walk its rows,
// Escape closes it, and the focus goes back to where it was.

import { element, icon } from "./elements.js";

const sheet = document.getElementById("sheet");
const title = document.getElementById("sheet-title");
const body = document.getElementById("sheet-body");
let gone = null; // told when the sheet that is shown is closed

// Show `content` under a title, over the phone of `over`; `onclose` is told when it is gone, and `lang` is the
// language of a talk that it belongs to.
export function openSheet(name, content, { over = null, onclose = null, lang = "" } = {}) {
  if (sheet.open) closeSheet();
  title.textContent = name;
  for (const part of [title, body]) part.lang = lang || document.documentElement.lang;
  body.replaceChildren(...content);
  place(over);
  const before = gone;
  gone = onclose;
  before?.();
  sheet.showModal();
  body.scrollTop = 0;
  const first = matchMedia("(pointer: coarse)").matches ? "button.row" : ROWS; // no keyboard slides up unasked
  (body.querySelector("[autofocus]") ?? body.querySelector(first))?.focus();
}

export function closeSheet() {
  if (sheet.open) sheet.close();
}

// A row that acts when it is chosen, and closes the sheet first.
export function row(label, chosen, { note = "", mark = null, lead = null, after = null } = {}) {
  const start = mark ? icon(mark) : lead;
  return element("button", { type: "button", className: "row", onclick: () => { closeSheet(); chosen(); } },
    start, element("span", { className: "label" }, element("strong", {}, label), note && element("small", {}, note)), after);
}

const ROWS = "button.row:not([hidden]), input:not([type=file])";

const WIDEST = 560; // pixels
const MARGIN = 6; // pixels between the sheet and the edge of its phone

function place(over) {
  const area = over?.getBoundingClientRect() ?? { left: 0, right: innerWidth, bottom: innerHeight, height: innerHeight };
  const width = Math.min(area.right - area.left - 2 * MARGIN, WIDEST);
  sheet.style.width = `${width}px`;
  sheet.style.left = `${(area.left + area.right - width) / 2}px`;
  sheet.style.bottom = `${innerHeight - area.bottom + MARGIN}px`;
  sheet.style.maxHeight = `${area.height * 0.9}px`;
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const edge = { Home: 0, End: -1 }[event.key];
  const typing = event.target.matches("input[type=text], input[type=search], textarea");
  if ((step === undefined && edge === undefined) || (typing && step !== 1)) return;
  if (event.target.matches("input[type=radio]")) return; // the arrows choose there
  const rows = [...body.querySelectorAll(ROWS)].filter((one) => one.checkVisibility());
  if (!rows.length) return;
  event.preventDefault();
  const next = step === undefined ? edge : Math.min(Math.max(rows.indexOf(document.activeElement) + step, 0), rows.length - 1);
  rows.at(next).focus();
}

sheet.addEventListener("keydown", walk);
// The event comes late: by then the next sheet may be open.
sheet.addEventListener("close", () => {
  if (sheet.open) return;
  body.replaceChildren();
  gone?.();
  gone = null;
});
sheet.addEventListener("click", (event) => { if (event.target === sheet) closeSheet(); });
document.getElementById("sheet-close").addEventListener("click", closeSheet);
