// Draws messages. Text comes as Telegram's HTML and is rebuilt node by node: nothing is ever set as markup.

const TAGS = new Map([
  ["b", "strong"], ["strong", "strong"], ["i", "em"], ["em", "em"], ["u", "u"], ["ins", "u"],
  ["s", "s"], ["del", "s"], ["strike", "s"], ["code", "code"], ["pre", "pre"], ["blockquote", "blockquote"],
]);
const TIME = new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("id-ID", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const SIZE = new Intl.NumberFormat("id-ID", { maximumFractionDigits: 1 });

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

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

function withLinks(text) {
  const made = document.createDocumentFragment();
  for (const part of text.split(/(https?:\/\/[^\s]+)/)) {
    const link = /^https?:\/\//.test(part);
    made.append(link ? element("a", { href: part, target: "_blank", rel: "noopener noreferrer" }, part) : part);
  }
  return made;
}

function words(message) {
  const box = element("div", { className: "text" });
  if (message.from_bot && message.html) {
    copied(new DOMParser().parseFromString(message.html, "text/html").body, box);
  } else {
    box.append(withLinks(message.text));
  }
  return box;
}

function file(message) {
  if (message.file.kind === "photo") {
    const at = `api/file/${message.file.file_id}?show=1`;
    return element("a", { className: "photo", href: at, target: "_blank" },
      element("img", { src: at, alt: message.file.name }));
  }
  const mb = message.file.size / 1e6;
  const told = mb < 1 ? `${SIZE.format(message.file.size / 1e3)} kB` : `${SIZE.format(mb)} MB`;
  return element("a", { className: "file", href: `api/file/${message.file.file_id}` },
    element("span", { className: "icon", ariaHidden: "true" }, (message.file.name.split(".").pop() || "").slice(0, 4).toUpperCase()),
    element("span", {}, message.file.name, element("small", {}, told)));
}

function keyboard(message, tap) {
  const box = element("div", { className: "keys" });
  for (const row of message.keyboard) {
    const line = element("div", { className: "row" });
    for (const [label, data] of row) {
      line.append(element("button", { type: "button", onclick: () => tap(message.message_id, data) }, label));
    }
    box.append(line);
  }
  return box;
}

export function bubble(message, tap, reply) {
  const at = new Date(message.at * 1000);
  const inner = element("div", { className: "bubble" });
  if (message.file) inner.append(file(message));
  if (message.text) inner.append(words(message));
  const stamp = element("time", { dateTime: at.toISOString() }, (message.edited ? "diubah " : "") + TIME.format(at));
  inner.append(stamp);
  if (message.from_bot) {
    inner.title = "Klik dua kali untuk membalas pesan ini";
    inner.addEventListener("dblclick", () => reply(message));
  }
  const who = message.from_bot ? "bot" : "me";
  const box = element("article", { className: `message ${who}` }, inner);
  box.setAttribute("aria-label", message.from_bot ? "Desk Inovasi" : "Saya");
  if (message.keyboard.length) box.append(keyboard(message, tap));
  return box;
}

export function day(message) {
  return element("p", { className: "day" }, DAY.format(new Date(message.at * 1000)));
}
