// What only WhatsApp has: marked text, reply buttons, lists that open as a sheet, templates, ticks.

import { button, element, icon, langOf, withLinks } from "./elements.js";
import { openSheet, row } from "./sheet.js";
import { say } from "./words.js";

const MARKED = /(?<![\p{L}\p{N}])(\*[^\s*][^*\n]*\*|_[^\s_][^_\n]*_)(?![\p{L}\p{N}])/u;
const TICKS = new Map([
  ["accepted", "·"], ["sent", "✓"], ["delivered", "✓✓"], ["read", "✓✓"], ["failed", "!"],
]);
const KINDS = new Map([["image", "photo"], ["audio", "voice"]]); // the platform's words, and the page's

export const whatsapp = {
  channel: "whatsapp",
  title: "WhatsApp",
  hello: ["greet", "halo"],
  id: (message) => message.wamid,
  isBot: (message) => message.from_business,
  isAnswered: () => false, // a tap here is a message of its own
  forwarded: (message) => message.forwarded && say("forwarded"),
  file,
  status: (shown) => say(shown.window_open ? "window_open" : "window_closed"),
  words,
  keys,
  stamp,
};

function file({ file: sent }) {
  return sent && { ...sent, id: sent.media_id, kind: KINDS.get(sent.kind) ?? sent.kind };
}

function words(message) {
  const made = element("div", { className: "text" });
  for (const part of message.text.split(MARKED)) {
    const name = part.length > 2 && { "*": "strong", _: "em" }[part[0] === part.at(-1) ? part[0] : ""];
    made.append(name ? element(name, {}, withLinks(part.slice(1, -1))) : withLinks(part));
  }
  if (message.footer) made.append(element("small", { className: "footer" }, message.footer));
  return made;
}

function stamp(message) {
  const before = (message.edited ? `${say("edited")} ` : "") + (message.template ? `${say("template")} · ` : "");
  if (message.from_business) return { before, after: [] };
  const said = say(`tick_${message.tick}`);
  const tick = element("span", { className: `tick ${message.tick}`, title: said },
    element("span", { aria: { hidden: "true" } }, ` ${TICKS.get(message.tick)}`),
    element("span", { className: "unseen" }, ` ${said}`));
  return { before, after: [tick] };
}

function keys(message, phone) {
  const made = message.buttons.map(([label, data]) =>
    button(label, () => phone.tap(message.wamid, data), { data: { key: data }, lang: langOf(message, label) }));
  if (message.rows.length) {
    const opens = button("", () => openList(message, phone),
      { data: { key: "list" }, aria: { haspopup: "dialog" }, lang: langOf(message, message.list_button) });
    opens.append(icon("list"), ` ${message.list_button}`);
    made.push(opens);
  }
  if (message.asks_location) made.push(button(say("send_location"), () => phone.act("location"), { data: { key: "location" } }));
  return made.length ? element("div", { className: "keys", role: "group" }, ...made) : null;
}

function openList(message, phone) {
  const rows = message.rows.flatMap(([title, note, data], position) => {
    const heading = message.headings[position];
    const after = element("span", { className: "choice" });
    const choice = row(title, () => phone.tap(message.wamid, data), { note, after });
    choice.querySelector("strong").lang = langOf(message, title);
    if (note) choice.querySelector("small").lang = langOf(message, note);
    return heading ? [element("h3", {}, heading), choice] : [choice];
  });
  openSheet(message.list_button, rows, { over: phone.root, lang: message.lang });
}
