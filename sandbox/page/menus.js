// What can be done with a message, and with a phone as a whole.

import { choosePerson } from "./people.js";
import { openSheet, row } from "./sheet.js";

export function openMessageMenu(phone, message) {
  const { kind } = phone;
  const own = !kind.isBot(message);
  const rows = [row("Balas", () => phone.reply(message), { mark: "reply" })];
  if (own && message.text && !kind.file(message)) {
    rows.push(row("Ubah", () => phone.composer.begin("edit", message), { mark: "edit" }));
  }
  rows.push(row("Teruskan ke bot", () => chooseForwarder(phone, message), { mark: "forward" }));
  if (message.text) rows.push(row("Salin teks", () => navigator.clipboard.writeText(message.text), { mark: "copy" }));
  openSheet("Pesan", rows, { over: phone.root });
}

// Who passes it on: the person here, or somebody who was sent it.
function chooseForwarder(phone, message) {
  choosePerson(phone.deck, {
    title: "Siapa yang meneruskan?",
    channel: phone.kind.channel,
    over: phone.root,
    chosen: (person) => phone.deck.phoneOf(person).forward(message, phone),
  });
}

export function openPhoneMenu(phone) {
  const { shown, kind, deck } = phone;
  const rows = [row("Ganti orang", () => deck.swap(phone), { mark: "people" })];
  if (!shown?.offline) {
    rows.push(shown?.blocked
      ? row("Buka blokir bot", () => phone.act("block"), { mark: "block" })
      : row("Blokir bot", () => phone.act("block"), { mark: "block", note: "Pesan bot tidak sampai sampai blokirnya dibuka" }));
  }
  if (kind.channel === "whatsapp") {
    rows.push(row(shown?.offline ? "Nyalakan telepon" : "Matikan telepon", () => phone.act("power"),
      { mark: "power", note: "Yang terkirim sementara itu sampai saat menyala" }));
    if (shown?.window_open) {
      rows.push(row("Tutup jendela 24 jam", () => phone.act("window"),
        { mark: "window", note: "Seolah diam sehari; pesan berikutnya keluar sebagai templat" }));
    }
  }
  if (deck.phones.length > 1) rows.push(row("Tutup telepon ini", () => deck.close(phone), { mark: "close" }));
  openSheet(phone.person.name, rows, { over: phone.root });
}
