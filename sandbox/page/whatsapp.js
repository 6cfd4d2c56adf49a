// A WhatsApp phone: marked text, reply buttons, a list that opens as a sheet, files, templates, ticks.

import { box, element, key, paper, picture, stamp, withLinks } from "./render.js";

const MARKED = /(?<![\p{L}\p{N}])(\*[^\s*][^*\n]*\*|_[^\s_][^_\n]*_)(?![\p{L}\p{N}])/u;
const TICKS = new Map([
  ["accepted", ["·", "diterima WhatsApp"]], ["sent", ["✓", "terkirim"]],
  ["delivered", ["✓✓", "sampai"]], ["read", ["✓✓", "dibaca"]], ["failed", ["!", "gagal"]],
]);
const $ = (id) => document.getElementById(id);

export const whatsapp = {
  title: "WhatsApp", api: "api/whatsapp", other: "telegram", hello: ["Sapa", "halo"],
  id: (message) => message.wamid,
  isBot: (message) => message.from_business,
  draw,
};

function words(text) {
  const made = element("div", { className: "text" });
  for (const part of text.split(MARKED)) {
    const name = part.length > 2 && { "*": "strong", _: "em" }[part[0] === part.at(-1) ? part[0] : ""];
    made.append(name ? element(name, {}, withLinks(part.slice(1, -1))) : withLinks(part));
  }
  return made;
}

function file({ media_id, kind, name, size }) {
  const at = `api/whatsapp/file/${media_id}`;
  return kind === "image" ? picture(`${at}?show=1`, name || "gambar") : paper(at, name || kind, size);
}

function tick(message) {
  const [sign, told] = TICKS.get(message.tick) ?? ["·", message.tick];
  return element("span", { className: `tick ${message.tick}`, title: told },
    element("span", { ariaHidden: "true" }, ` ${sign} `), element("small", {}, told));
}

function keys(message, phone) {
  const made = element("div", { className: "keys" });
  for (const [label, data] of message.buttons) made.append(key(label, () => phone.tap(message.wamid, data)));
  if (message.rows.length) {
    const opens = key(message.list_button, () => openSheet(message, phone));
    opens.classList.add("opens");
    opens.setAttribute("aria-haspopup", "dialog");
    made.append(opens);
  }
  if (message.asks_location) made.append(key("Kirim lokasi", () => phone.act("location")));
  return made;
}

function openSheet(message, phone) {
  const rows = $("sheet-rows");
  $("sheet-title").textContent = message.list_button;
  rows.replaceChildren();
  message.rows.forEach(([title, note, data], place) => {
    const heading = message.headings[place];
    if (heading) rows.append(element("h3", {}, heading));
    const row = key("", () => { $("sheet").close(); phone.tap(message.wamid, data); });
    row.append(element("strong", {}, title), ...(note ? [element("small", {}, note)] : []));
    rows.append(row);
  });
  $("sheet").showModal();
  rows.scrollTop = 0;
}

$("sheet-close").addEventListener("click", () => $("sheet").close());
$("sheet").addEventListener("click", (event) => { if (event.target === $("sheet")) $("sheet").close(); });

function draw(message, phone) {
  const inner = element("div", { className: "bubble" });
  if (message.file) inner.append(file(message.file));
  if (message.text) inner.append(words(message.text));
  if (message.footer) inner.append(element("small", { className: "footer" }, message.footer));
  const told = message.template ? "templat · " : "";
  inner.append(stamp(new Date(message.at * 1000), { before: told, after: [tick(message)] }));
  if (message.from_business) {
    inner.title = "Klik dua kali untuk membalas pesan ini";
    inner.addEventListener("dblclick", () => phone.reply(message));
  }
  const made = box(message.from_business, inner);
  if (message.buttons.length || message.rows.length || message.asks_location) made.append(keys(message, phone));
  return made;
}
