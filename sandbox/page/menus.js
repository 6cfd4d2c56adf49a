// What can be done with a message, and with a phone as a whole.

import { choosePerson } from "./people.js";
import { openSheet, row } from "./sheet.js";
import { say } from "./words.js";

export function openMessageMenu(phone, message) {
  const { kind } = phone;
  const own = !kind.isBot(message);
  const rows = [row(say("reply"), () => phone.reply(message), { mark: "reply" })];
  if (own && message.text && !kind.file(message)) {
    rows.push(row(say("edit"), () => phone.composer.begin("edit", message), { mark: "edit" }));
  }
  rows.push(row(say("forward"), () => chooseForwarder(phone, message), { mark: "forward" }));
  if (message.text) rows.push(row(say("copy"), () => navigator.clipboard.writeText(message.text), { mark: "copy" }));
  openSheet(say("message"), rows, { over: phone.root });
}

// Who passes it on: the person here, or somebody who was sent it.
function chooseForwarder(phone, message) {
  choosePerson(phone.deck, {
    title: say("who_forwards"),
    channel: phone.kind.channel,
    over: phone.root,
    chosen: (person) => phone.deck.phoneOf(person).forward(message, phone),
  });
}

export function openPhoneMenu(phone) {
  const { shown, kind, deck } = phone;
  const rows = [row(say("change_person"), () => deck.swap(phone), { mark: "people" })];
  if (!shown?.offline) {
    rows.push(shown?.blocked
      ? row(say("unblock_bot"), () => phone.act("block"), { mark: "block" })
      : row(say("block_bot"), () => phone.act("block"), { mark: "block", note: say("block_note") }));
  }
  if (kind.channel === "whatsapp") {
    rows.push(row(say(shown?.offline ? "turn_phone_on" : "turn_phone_off"), () => phone.act("power"),
      { mark: "power", note: say("off_note") }));
    if (shown?.window_open) {
      rows.push(row(say("close_window"), () => phone.act("window"),
        { mark: "window", note: say("close_window_note") }));
    }
  }
  if (deck.phones.length > 1) rows.push(row(say("close_phone"), () => deck.close(phone), { mark: "close" }));
  openSheet(phone.person.name, rows, { over: phone.root });
}
