// Small makers of elements, and how times, days and sizes are written. Nothing is ever set as markup.

import { language, onSpoken, say } from "./words.js";

const timeZone = "Asia/Jakarta"; // the desk's, wherever the browser is: a bubble says the time its text says
const TIME = { timeZone, hour: "2-digit", minute: "2-digit" };
const DAY = { timeZone, weekday: "long", day: "numeric", month: "long", year: "numeric" };
const SHORT = { timeZone, day: "numeric", month: "numeric", hour: "2-digit", minute: "2-digit" };
let formats;
onSpoken(chooseFormats);
chooseFormats();

function chooseFormats() {
  const locale = language === "en" ? "en-GB" : "id-ID";
  const [time, day, short] = [TIME, DAY, SHORT].map((parts) => new Intl.DateTimeFormat(locale, parts));
  formats = { time, day, short, size: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }) };
}

const SVG = "http://www.w3.org/2000/svg";

// strokes on a field of 24 by 24
const ICONS = {
  attach: "M16.5 6.5v9a4.5 4.5 0 0 1-9 0V6a3 3 0 0 1 6 0v9a1.5 1.5 0 0 1-3 0V7",
  back: "M15 5l-7 7 7 7",
  block: "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17zM6 6l12 12",
  close: "M6 6l12 12M18 6L6 18",
  contact: "M12 12a3.8 3.8 0 1 0 0-7.6a3.8 3.8 0 0 0 0 7.6zM4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6",
  copy: "M9 9h10v11H9zM5 15V4h10",
  dark: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
  document: "M7 3.5h7l4 4V20.5H7zM14 3.5v4h4",
  down: "M12 5v14M6 13l6 6 6-6",
  edit: "M4 20l1-4L16 5l3 3L8 19z",
  fold: "M6 15l6-6 6 6",
  forward: "M13 6l6 6-6 6M19 12H9c-3 0-5 2-5 6",
  light: "M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  list: "M9 7h11M9 12h11M9 17h11M4.5 7h.1M4.5 12h.1M4.5 17h.1",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  people: "M9 11a3.3 3.3 0 1 0 0-6.6a3.3 3.3 0 0 0 0 6.6zM3 19.5c.6-3.6 3-5.3 6-5.3s5.4 1.7 6 5.3M15.5 11a3 3 0 1 0-1-5.8M17.5 14.5c2 .6 3.2 2.2 3.6 5",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 9h.1",
  location: "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 12.3a2.3 2.3 0 1 0 0-4.6a2.3 2.3 0 0 0 0 4.6z",
  plus: "M12 5v14M5 12h14",
  power: "M12 3.5v8M7 6.5a8 8 0 1 0 10 0",
  reply: "M10 6l-6 6 6 6M4 12h9c4 0 7 2 7 6",
  send: "M4 12l16-8-5 16-3.5-6.5zM11.5 13.5L20 4",
  sticker: "M5 4h14v9l-6 7H5zM13 20v-7h6M9 9h.1M14.5 9h.1",
  unfold: "M6 9l6 6 6-6",
  voice: "M12 3.5a2.7 2.7 0 0 1 2.7 2.7v5a2.7 2.7 0 0 1-5.4 0v-5A2.7 2.7 0 0 1 12 3.5zM6 11.5a6 6 0 0 0 12 0M12 17.5v3.5",
  window: "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17zM12 7.5V12l3 2",
};

export function element(name, properties = {}, ...children) {
  const { data, aria, role, ...own } = properties;
  const made = Object.assign(document.createElement(name), own);
  if (role) made.setAttribute("role", role);
  for (const [key, value] of Object.entries(data ?? {})) made.dataset[key] = value;
  for (const [key, value] of Object.entries(aria ?? {})) made.setAttribute(`aria-${key}`, value);
  made.append(...children.filter((child) => child || child === 0)); // a part may be left out
  return made;
}

// The language of what can be tapped at a message: its own where it is another than the message's.
export const langOf = (message, label) => message.foreign[label] ?? message.lang;

export function icon(name) {
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("viewBox", "0 0 24 24");
  drawn.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  drawn.append(path);
  return drawn;
}

export function button(label, onclick, { className = "", ...more } = {}) {
  return element("button", { type: "button", className, onclick, ...more }, label);
}

export function iconButton(name, label, onclick, { className = "", ...more } = {}) {
  const made = button(icon(name), onclick, { className: `icon ${className}`, title: label, ...more });
  made.setAttribute("aria-label", label);
  return made;
}

export function face(name, className = "") {
  const initials = name.split(" ").map((part) => part[0]).slice(0, 2).join("").toUpperCase();
  return element("span", { className: `face ${className}`, aria: { hidden: "true" } }, initials);
}

export function badge(count) {
  const shown = count > 99 ? "99+" : String(count);
  return element("span", { className: "badge" }, shown, element("span", { className: "unseen" }, ` ${say("unread")}`));
}

export function withLinks(text) {
  const made = document.createDocumentFragment();
  // a sign at the end belongs to the sentence: "(https://…)."
  for (const part of text.split(/(https?:\/\/[\w-]+[.:][^\s]*[^\s).,;:!?…])/)) {
    const link = /^https?:\/\/[\w-]+[.:]/.test(part);
    made.append(link ? element("a", { href: part, target: "_blank", rel: "noopener noreferrer" }, part) : part);
  }
  return made;
}

export const clockTime = (at) => formats.time.format(new Date(at * 1000));
export const dayName = (at) => formats.day.format(new Date(at * 1000));
export const shortTime = (at) => formats.short.format(new Date(at * 1000)).replace(",", "");

export function fileSize(bytes) {
  return bytes < 1e6 ? `${formats.size.format(bytes / 1e3)} kB` : `${formats.size.format(bytes / 1e6)} MB`;
}
