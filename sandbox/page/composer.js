// Where a person writes: the text with its draft, the commands that fit, a reply or an edit under way, and the
// keys that a bot lays in place of the keyboard.

import { button, element, langOf } from "./elements.js";
import { inShort } from "./message.js";
import { openAttach } from "./attach.js";
import { say } from "./words.js";

const TALLEST = 160; // pixels, of what is being typed
const draftOf = (person) => `draft:${person.id}`;

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.text = phone.part("text");
    this.list = phone.part("commands");
    this.commands = [];
    this.meant = null; // {act, message} while a message is answered or edited
    this.text.value = sessionStorage.getItem(draftOf(phone.person)) ?? "";
    this.listen();
    this.grow();
  }

  listen() {
    const { phone, text, list } = this;
    phone.part("write").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    text.addEventListener("keydown", (event) => this.typedKey(event));
    text.addEventListener("input", () => { this.grow(); this.keepDraft(); this.offer(); });
    list.addEventListener("keydown", (event) => this.walkCommands(event));
    phone.part("menu").addEventListener("click", () => this.toggleMenu());
    phone.part("attach").addEventListener("click", () => openAttach(phone));
    phone.part("drop-meant").addEventListener("click", () => { this.drop(); text.focus(); });
  }

  typedKey(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
    if (event.key === "ArrowDown" && !this.list.hidden) { event.preventDefault(); this.list.firstElementChild.focus(); }
    if (event.key === "ArrowUp" && !this.text.value) { event.preventDefault(); this.phone.chat.enter(); }
    if (event.key === "Escape") { this.offerThese([]); this.drop(); }
  }

  async send() {
    const typed = this.text.value;
    if (!typed.trim()) return;
    const { act, message } = this.meant ?? { act: "say" };
    this.set("");
    this.drop();
    const sent = act === "edit" ? await this.phone.edit(message, typed) : await this.phone.say(typed, message);
    if (!sent && !this.text.value) this.set(typed); // nothing that was typed is lost
  }

  set(text) {
    this.text.value = text;
    this.grow();
    this.keepDraft();
    this.offer();
  }

  keepDraft() {
    if (this.meant?.act !== "edit") sessionStorage.setItem(draftOf(this.phone.person), this.text.value);
  }

  grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight + 2, TALLEST)}px`;
  }

  // A reply or an edit

  begin(act, message) {
    if (this.meant) this.drop();
    this.draft = this.text.value;
    this.meant = { act, message };
    const name = say(act === "edit" ? "editing" : "replying");
    this.phone.part("meant-text").replaceChildren(element("strong", {}, name), element("span", { lang: message.lang }, inShort(message, this.phone.kind)));
    this.phone.part("meant").hidden = false;
    if (act === "edit") { this.text.value = message.text; this.grow(); }
    this.text.focus();
  }

  drop() {
    if (!this.meant) return;
    const edited = this.meant.act === "edit";
    this.meant = null;
    this.phone.part("meant").hidden = true;
    if (edited) this.set(this.draft);
  }

  // Commands

  // Commands may come, or change, after somebody has begun to type one.
  show(commands) {
    if (JSON.stringify(commands) === JSON.stringify(this.commands)) return;
    this.commands = commands;
    this.phone.part("menu").hidden = !commands.length;
    const walked = this.list.contains(document.activeElement);
    this.offer();
    if (walked) this.text.focus();
  }

  offer() {
    const typed = this.text.value;
    const asked = typed.startsWith("/") && !/\s/.test(typed);
    this.offerThese(asked ? this.commands.filter(({ command }) => command.startsWith(typed.slice(1))) : []);
  }

  offerThese(fitting) {
    this.list.hidden = !fitting.length;
    this.phone.part("menu").setAttribute("aria-expanded", String(!this.list.hidden));
    this.list.replaceChildren(...fitting.map((command, position) => this.drawCommand(command, position)));
    this.phone.tell(fitting.length ? say("count_commands", { count: fitting.length }) : "");
  }

  drawCommand({ command, description, lang }, position) {
    const chosen = () => { this.list.hidden = true; this.set(""); this.phone.say(`/${command}`); this.text.focus(); };
    const made = element("li", { role: "option", tabIndex: position ? -1 : 0, onclick: chosen },
      element("strong", {}, `/${command}`), element("span", { lang }, description));
    made.setAttribute("aria-selected", "false");
    return made;
  }

  toggleMenu() {
    this.offerThese(this.list.hidden ? this.commands : []);
    if (!this.list.hidden) this.list.firstElementChild.focus();
  }

  walkCommands(event) {
    const here = event.target;
    if (event.key === "ArrowDown") here.nextElementSibling?.focus();
    else if (event.key === "ArrowUp") (here.previousElementSibling ?? this.text).focus();
    else if (event.key === "Enter" || event.key === " ") here.click();
    else if (event.key === "Escape") { this.offerThese([]); this.text.focus(); } else return;
    event.preventDefault();
  }

  // Keys in place of the keyboard, until the bot takes them away

  showReplyKeys(last) {
    const keys = this.phone.part("reply-keys");
    const offers = last?.from_bot && ["phone", "location", "words"].includes(last.reply_keyboard);
    keys.hidden = !offers;
    if (!offers) return;
    const shares = { phone: "contact", location: "location" }[last.reply_keyboard];
    keys.replaceChildren(...last.reply_labels.map((label, position) =>
      button(label, () => (shares && position === 0 ? this.phone.act(shares) : this.phone.say(label)), { lang: langOf(last, label) })));
  }
}
