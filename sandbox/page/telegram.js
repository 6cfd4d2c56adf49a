// What only Telegram has: HTML rebuilt node by node, buttons below a message, commands, files by their id.

import { button, element, langOf, withLinks } from "./elements.js";
import { say } from "./words.js";

const TAGS = new Map([
  ["b", "strong"], ["strong", "strong"], ["i", "em"], ["em", "em"], ["u", "u"], ["ins", "u"],
  ["s", "s"], ["del", "s"], ["strike", "s"], ["code", "code"], ["pre", "pre"], ["blockquote", "blockquote"],
]);

export const telegram = {
  channel: "telegram",
  title: "Telegram",
  hello: ["start", "/start"],
  id: (message) => String(message.message_id),
  isBot: (message) => message.from_bot,
  isAnswered: (message) => message.tapped,
  forwarded: (message) => message.forwarded_from && say("forwarded_from", { name: message.forwarded_from }),
  file: (message) => message.file && { ...message.file, id: message.file.file_id },
  status: () => "bot",
  words,
  keys,
  stamp: (message) => ({ before: message.edited ? `${say("edited")} ` : "", after: [] }),
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
  if (message.html) {
    copied(new DOMParser().parseFromString(message.html, "text/html").body, made);
  } else {
    made.append(withLinks(message.text));
  }
  return made;
}

function keys(message, phone) {
  if (!message.keyboard.length) return null;
  const rows = message.keyboard.map((row) => element("div", { className: "line" },
    ...row.map(([label, data]) => button(label, () => phone.tap(message.message_id, data),
      { data: { key: data }, lang: langOf(message, label) }))));
  return element("div", { className: "keys", role: "group" }, ...rows);
}
