// What both phones draw alike: links, files, days, times. Nothing is ever set as markup.

const TIME = new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("id-ID", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const SIZE = new Intl.NumberFormat("id-ID", { maximumFractionDigits: 1 });

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function withLinks(text) {
  const made = document.createDocumentFragment();
  for (const part of text.split(/(https?:\/\/[^\s]+)/)) {
    const link = /^https?:\/\//.test(part);
    made.append(link ? element("a", { href: part, target: "_blank", rel: "noopener noreferrer" }, part) : part);
  }
  return made;
}

export function picture(at, name) {
  return element("a", { className: "photo", href: at, target: "_blank" }, element("img", { src: at, alt: name }));
}

export function paper(at, name, bytes) {
  const mb = bytes / 1e6;
  const told = mb < 1 ? `${SIZE.format(bytes / 1e3)} kB` : `${SIZE.format(mb)} MB`;
  const ending = (name.split(".").pop() || "").slice(0, 4).toUpperCase();
  return element("a", { className: "file", href: at, download: name },
    element("span", { className: "icon", ariaHidden: "true" }, ending),
    element("span", {}, name, element("small", {}, told)));
}

export function stamp(at, { before = "", after = [] } = {}) {
  return element("time", { dateTime: at.toISOString() }, before + TIME.format(at), ...after);
}

export function key(label, onclick) {
  return element("button", { type: "button", onclick }, label);
}

export function box(isBot, inner) {
  const made = element("article", { className: `message ${isBot ? "bot" : "me"}` }, inner);
  made.setAttribute("aria-label", isBot ? "Desk Inovasi" : "Saya");
  return made;
}

export function day(at) {
  return element("p", { className: "day" }, DAY.format(new Date(at * 1000)));
}
