// One message as it is drawn on either phone; what a channel does its own way, its kind brings.

import { button, clockTime, element, fileSize, icon, iconButton } from "./elements.js";
import { fileAddress } from "./server.js";
import { openSheet } from "./sheet.js";
import { say } from "./words.js";

const CONTACT = "☎ ";

export function drawMessage(message, phone) {
  const { kind } = phone;
  const byBot = kind.isBot(message);
  const file = kind.file(message);
  const bubble = element("div", { className: `bubble${file?.kind === "sticker" ? " bare" : ""}` },
    forwardedLine(kind.forwarded(message)), quote(message, phone), file && drawFile(file, phone),
    message.location && drawLocation(message.location), message.text && drawWords(message, kind),
    stamp(message, kind));
  const openMenu = () => phone.openMenu(message);
  const more = iconButton("more", say("message_options"), openMenu, { className: "more", tabIndex: -1 });
  const made = element("article", { className: `message ${byBot ? "bot" : "me"}`, tabIndex: -1 }, bubble, more);
  const keys = byBot && kind.keys(message, phone);
  if (keys) made.append(keys);
  made.setAttribute("aria-label", `${byBot ? "Desk Inovasi" : phone.person.name}, ${clockTime(message.at)}`);
  made.dataset.id = kind.id(message);
  if (!byBot) made.setAttribute("aria-live", "off"); // who wrote it knows
  return made;
}

function drawWords(message, kind) {
  if (message.text.startsWith(CONTACT) && !kind.isBot(message)) {
    return element("p", { className: "card" }, icon("contact"), message.text.slice(CONTACT.length));
  }
  return Object.assign(kind.words(message), { lang: message.lang });
}

function forwardedLine(text) {
  return text ? element("small", { className: "forwarded" }, icon("forward"), text) : null;
}

function stamp(message, kind) {
  const { before, after } = kind.stamp(message);
  const at = new Date(message.at * 1000).toISOString();
  return element("time", { dateTime: at }, before + clockTime(message.at), ...after);
}

export function restamp(box, message, kind) {
  box.querySelector("time").replaceWith(stamp(message, kind));
}

// The message that this one answers, in short; a tap goes there.
function quote(message, phone) {
  const answered = message.reply_to && phone.chat.find(message.reply_to);
  if (!answered) return null;
  const author = phone.kind.isBot(answered) ? "Desk Inovasi" : phone.person.name;
  const made = button("", () => phone.chat.goTo(message.reply_to), { className: "quote", tabIndex: -1 });
  made.append(element("strong", {}, author), element("span", { lang: answered.lang }, inShort(answered, phone.kind)));
  return made;
}

export function inShort(message, kind) {
  const file = kind.file(message);
  const named = ["photo", "sticker", "voice"].includes(file?.kind) ? say(file.kind) : file?.name;
  const said = message.text && kind.words({ ...message, footer: "" }).textContent;
  return (said || named || say("location")).replaceAll("\n", " ").slice(0, 80);
}

function drawFile(file, phone) {
  const { channel } = phone.kind;
  const shown = fileAddress(channel, file.id, { show: true });
  if (file.kind === "photo") return drawPicture(shown, file, phone);
  if (file.kind === "sticker") return element("img", { className: "sticker", src: shown, alt: say("sticker") });
  if (file.kind === "voice") {
    return element("audio", { controls: true, preload: "metadata", src: shown, aria: { label: say("voice") } });
  }
  const ending = (file.name.split(".").pop() || "").slice(0, 4).toUpperCase();
  return element("a", { className: "file", href: fileAddress(channel, file.id), download: file.name },
    element("span", { className: "kind", aria: { hidden: "true" } }, ending),
    element("span", {}, file.name, element("small", {}, fileSize(file.size))));
}

function drawPicture(shown, file, phone) {
  const name = file.name || say("picture");
  const open = () => openSheet(say("picture"), [
    element("img", { className: "whole", src: shown, alt: name }),
    element("a", { href: fileAddress(phone.kind.channel, file.id), download: name, className: "save" }, say("save_picture")),
  ], { over: phone.root });
  const made = button(element("img", { src: shown, alt: name }), open, { className: "photo" });
  made.setAttribute("aria-label", say("enlarge", { name }));
  return made;
}

function drawLocation([latitude, longitude]) {
  const map = element("span", { className: "map", aria: { hidden: "true" } }, icon("location"));
  const point = element("small", {}, `${latitude}, ${longitude}`);
  return element("div", { className: "location" }, map, element("span", {}, say("location"), point));
}
