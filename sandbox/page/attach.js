// What a person sends besides text: files one or several, pictures, a voice note, a sticker, a place, a number.

import { button, element, fileSize, icon } from "./elements.js";
import { closeSheet, openSheet, row } from "./sheet.js";
import { STICKERS, drawn, painted } from "./stickers.js";
import { openVoice } from "./voice.js";

const MOST_FILES = 10; // of an album, core.telegram.org/bots/api#sendmediagroup
const PLACES = [["Pusat Kota Sampit", -2.5312, 112.9534], ["Kecamatan Baamang", -2.5103, 112.9628]]; // made up, near enough

export function openAttach(phone) {
  const file = phone.part("file");
  const { number } = phone.person;
  openSheet("Kirim", [
    row("Foto atau berkas", () => file.click(), { mark: "document", note: "Satu atau beberapa sekaligus" }),
    row("Catatan suara", () => openVoice(phone), { mark: "voice" }),
    row("Stiker", () => openStickers(phone), { mark: "sticker" }),
    row("Lokasi", () => openPlaces(phone), { mark: "place" }),
    ...(number ? [row("Nomor telepon saya", () => phone.act("contact"), { mark: "contact", note: number })] : []),
  ], { over: phone.root });
}

// What was chosen or dropped: looked at once more, as picture or as document, with a caption.
export function openFiles(phone, chosen) {
  const files = [...chosen].slice(0, MOST_FILES);
  if (!files.length) return;
  const pictures = files.every((file) => ["image/jpeg", "image/png"].includes(file.type));
  const form = element("form", { className: "files" },
    element("ul", {}, ...files.map(drawFile)),
    ...(pictures ? kinds() : []),
    element("label", {}, "Keterangan (boleh kosong)", element("input", { type: "text", name: "caption", maxLength: 1024, autocomplete: "off" })),
    element("button", { type: "submit", className: "main", autofocus: true }, files.length > 1 ? `Kirim ${files.length} berkas` : "Kirim berkas"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { kind, caption } = Object.fromEntries(new FormData(form));
    closeSheet();
    phone.sendFiles(files, { kind: kind ?? "document", caption });
  });
  form.querySelector(".main").setAttribute("autofocus", "");
  openSheet(files.length > 1 ? `${files.length} berkas` : "Berkas", [form], { over: phone.root });
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
  return [element("fieldset", {}, element("legend", {}, "Kirim sebagai"),
    choice("photo", "Foto", true), choice("document", "Berkas (tetap tajam)", false))];
}

function openStickers(phone) {
  const grid = element("div", { className: "stickers" }, ...STICKERS.map((sticker) => {
    const made = button(element("img", { src: drawn(sticker), alt: "" }), async () => {
      closeSheet();
      phone.sendFiles([await painted(sticker)], { kind: "sticker" });
    }, { className: "row" });
    made.setAttribute("aria-label", sticker.name);
    return made;
  }));
  openSheet("Stiker", [grid], { over: phone.root });
}

function openPlaces(phone) {
  const share = (latitude, longitude) => phone.act("location", { latitude, longitude });
  const typed = element("input", { type: "text", inputMode: "decimal", placeholder: "-2.5312, 112.9534", autocomplete: "off" });
  const form = element("form", {}, element("label", {}, "Titik lain (lintang, bujur)", typed),
    element("button", { type: "submit", className: "main" }, "Kirim titik ini"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const point = typed.value.split(",").map(Number);
    const right = point.length === 2 && Math.abs(point[0]) <= 90 && Math.abs(point[1]) <= 180;
    typed.setCustomValidity(right ? "" : "Tulis dua angka dengan koma di antaranya, misalnya -2.5312, 112.9534.");
    if (!typed.reportValidity()) return;
    closeSheet();
    share(...point);
  });
  typed.addEventListener("input", () => typed.setCustomValidity(""));
  openSheet("Lokasi", [...PLACES.map(([name, ...point]) => row(name, () => share(...point), { mark: "place", note: point.join(", ") })), form],
    { over: phone.root });
}
