// A Telegram phone: HTML rebuilt node by node, buttons below a message, keyboards that share, commands.

import { box, element, key, paper, picture, stamp, withLinks } from "./render.js";

const TAGS = new Map([
  ["b", "strong"], ["strong", "strong"], ["i", "em"], ["em", "em"], ["u", "u"], ["ins", "u"],
  ["s", "s"], ["del", "s"], ["strike", "s"], ["code", "code"], ["pre", "pre"], ["blockquote", "blockquote"],
]);

export const telegram = {
  title: "Telegram", api: "api", other: "whatsapp", hello: ["Mulai", "/start"],
  id: (message) => message.message_id,
  isBot: (message) => message.from_bot,
  draw,
};

function copied(from, into) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      into.append(withLinks(node.textContent));
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      const name = TAGS.get(node.localName);
      const made = name ? document.createElement(name) : document.createDocumentFragment();
      copied(node, made);
      into.append(made);
    }
  }
}

function words(message) {
  const made = element("div", { className: "text" });
  if (message.from_bot && message.html) {
    copied(new DOMParser().parseFromString(message.html, "text/html").body, made);
  } else {
    made.append(withLinks(message.text));
  }
  return made;
}

function file({ file_id, kind, name, size }) {
  const at = `api/file/${file_id}`;
  return kind === "photo" ? picture(`${at}?show=1`, name) : paper(at, name, size);
}

function keyboard(message, phone) {
  const made = element("div", { className: "keys" });
  for (const row of message.keyboard) {
    const line = element("div", { className: "row" });
    for (const [label, data] of row) line.append(key(label, () => phone.tap(message.message_id, data)));
    made.append(line);
  }
  return made;
}

function draw(message, phone) {
  const inner = element("div", { className: "bubble" });
  if (message.file) inner.append(file(message.file));
  if (message.text) inner.append(words(message));
  inner.append(stamp(new Date(message.at * 1000), { before: message.edited ? "diubah " : "" }));
  if (message.from_bot) {
    inner.title = "Klik dua kali untuk membalas pesan ini";
    inner.addEventListener("dblclick", () => phone.reply(message));
  }
  const made = box(message.from_bot, inner);
  if (message.keyboard.length) made.append(keyboard(message, phone));
  return made;
}
