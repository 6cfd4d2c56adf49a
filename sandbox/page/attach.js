// What a person sends besides text: files one or several, pictures, a voice note, a sticker, a location, a number.

import { button, element, fileSize, icon } from "./elements.js";
import { closeSheet, openSheet, row } from "./sheet.js";
import { STICKERS, drawn, painted } from "./stickers.js";
import { openVoice } from "./voice.js";
import { say } from "./words.js";

const LOCATIONS = [["Pusat Kota Sampit", -2.5312, 112.9534], ["Kecamatan Baamang", -2.5103, 112.9628]]; // near enough
const TYPED = { type: "text", autocomplete: "off" };

export function openAttach(phone) {
  const file = phone.part("file");
  const { number } = phone.person;
  openSheet(say("send"), [
    row(say("files"), () => file.click(), { mark: "document", note: say("files_note") }),
    row(say("voice"), () => openVoice(phone), { mark: "voice" }),
    row(say("sticker"), () => openStickers(phone), { mark: "sticker" }),
    row(say("location"), () => openLocations(phone), { mark: "location" }),
    ...(number ? [row(say("my_number"), () => phone.act("contact"), { mark: "contact", note: number })] : []),
  ], { over: phone.root });
}

// What was chosen or dropped: looked at once more, as picture or as document, with a caption.
export function openFiles(phone, chosen) {
  const files = [...chosen];
  if (!files.length) return;
  const count = files.length;
  const several = count > 1;
  const pictures = files.every((file) => ["image/jpeg", "image/png"].includes(file.type));
  const form = element("form", { className: "files" },
    element("ul", {}, ...files.map(drawFile)),
    ...(pictures ? kinds() : []),
    element("label", {}, say("caption"), element("input", { ...TYPED, name: "caption", maxLength: 1024 })),
    element("button", { type: "submit", className: "main" }, say(several ? "send_files" : "send_file", { count })));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { kind, caption } = Object.fromEntries(new FormData(form));
    closeSheet();
    phone.sendFiles(files, { kind: kind ?? "document", caption });
  });
  form.querySelector(".main").setAttribute("autofocus", "");
  openSheet(say(several ? "count_files" : "file", { count }), [form], { over: phone.root });
}

function drawFile(file) {
  const picture = file.type.startsWith("image/");
  const shown = picture ? element("img", { src: URL.createObjectURL(file), alt: "" }) : icon("document");
  shown.addEventListener("load", () => URL.revokeObjectURL(shown.src));
  return element("li", {}, shown, element("span", {}, file.name, element("small", {}, fileSize(file.size))));
}

function kinds() {
  const choice = (value, label, checked) =>
    element("label", {}, element("input", { type: "radio", name: "kind", value, checked }), label);
  return [element("fieldset", {}, element("legend", {}, say("send_as")),
    choice("photo", say("photo"), true), choice("document", say("sharp_file"), false))];
}

function openStickers(phone) {
  const grid = element("div", { className: "stickers" }, ...STICKERS.map((sticker) => {
    const made = button(element("img", { src: drawn(sticker), alt: "" }), async () => {
      closeSheet();
      phone.sendFiles([await painted(sticker)], { kind: "sticker" });
    }, { className: "row" });
    made.setAttribute("aria-label", say(`sticker_${sticker.name}`));
    return made;
  }));
  openSheet(say("sticker"), [grid], { over: phone.root });
}

function openLocations(phone) {
  const share = (latitude, longitude) => phone.act("location", { latitude, longitude });
  const typed = element("input", { ...TYPED, inputMode: "decimal", placeholder: "-2.5312, 112.9534" });
  const form = element("form", {}, element("label", {}, say("other_point"), typed),
    element("button", { type: "submit", className: "main" }, say("send_point")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const point = typed.value.split(",").map(Number);
    const right = point.length === 2 && Math.abs(point[0]) <= 90 && Math.abs(point[1]) <= 180;
    typed.setCustomValidity(right ? "" : say("point_needed"));
    if (!typed.reportValidity()) return;
    closeSheet();
    share(...point);
  });
  typed.addEventListener("input", () => typed.setCustomValidity(""));
  const locations = LOCATIONS.map(([name, ...point]) =>
    row(name, () => share(...point), { mark: "location", note: point.join(", ") }));
  openSheet(say("location"), [...locations, form], { over: phone.root });
}
