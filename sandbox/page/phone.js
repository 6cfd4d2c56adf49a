// One phone in one person's hand: what it shows, and what is said, tapped and sent at it.

import { openFiles } from "./attach.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { button, face, icon } from "./elements.js";
import { openMessageMenu, openPhoneMenu } from "./menus.js";
import { post } from "./server.js";
import { telegram } from "./telegram.js";
import { whatsapp } from "./whatsapp.js";
import { label, say } from "./words.js";

const KINDS = { telegram, whatsapp };
const TOAST_MS = 4000;
const ALBUM = 10; // files at most, core.telegram.org/bots/api#sendmediagroup
const template = document.getElementById("phone");

export class Phone {
  constructor(person, deck) {
    this.person = person;
    this.deck = deck;
    this.kind = KINDS[person.channel];
    this.root = template.content.firstElementChild.cloneNode(true);
    label(this.root);
    this.root.classList.add(person.channel);
    Object.assign(this.root.dataset, { person: person.id, channel: person.channel });
    this.nameRegion();
    this.part("who").textContent = person.name;
    this.part("own-face").replaceWith(face(person.name));
    this.part("log").setAttribute("aria-label", say("talk_of", { name: person.name, channel: this.kind.title }));
    this.forget();
    this.chat = new Chat(this);
    this.composer = new Composer(this);
    this.listen();
  }

  nameRegion() {
    const heading = this.part("heading");
    heading.id = `phone-${this.person.id}`;
    heading.textContent = say("phone_of", { name: this.person.name, channel: this.kind.title });
    this.root.setAttribute("aria-labelledby", heading.id);
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  forget() {
    Object.assign(this, { seq: -1, toasted: null, shown: null });
    this.chat?.forget();
  }

  listen() {
    const file = this.part("file");
    this.part("swap").addEventListener("click", () => this.deck.swap(this));
    this.part("options").addEventListener("click", () => openPhoneMenu(this));
    this.root.addEventListener("focusin", () => this.deck.takeUp(this));
    this.root.addEventListener("dragover", (event) => event.preventDefault());
    this.root.addEventListener("drop", (event) => { event.preventDefault(); openFiles(this, event.dataTransfer.files); });
    this.part("text").addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) { event.preventDefault(); openFiles(this, event.clipboardData.files); }
    });
    file.addEventListener("change", () => { openFiles(this, file.files); file.value = ""; });
  }

  // What it shows

  show(shown) {
    this.seq = shown.seq;
    this.shown = shown;
    this.chat.show(shown.messages);
    this.chat.showTyping(shown.typing_for);
    this.composer.show(shown.commands ?? []);
    this.composer.showReplyKeys(shown.messages.at(-1));
    this.part("status").textContent = shown.offline ? say("is_off") : this.kind.status(shown);
    this.showCut(shown);
    this.showToast(shown);
    this.looked();
  }

  // A phone that is off, or that has blocked the bot, has nothing to write with.
  showCut({ blocked, offline }) {
    const cut = this.part("cut");
    const wasCut = !cut.hidden;
    cut.hidden = !(blocked || offline);
    this.part("write").hidden = !cut.hidden;
    if (cut.hidden && wasCut && document.activeElement === document.body) this.part("text").focus();
    if (cut.hidden) return;
    const [said, label, name, act] = offline
      ? [say("off_text"), say("turn_on"), "power", "power"]
      : [say("blocked_text"), say("unblock"), "block", "block"];
    if (cut.dataset.act === act) return;
    cut.dataset.act = act;
    const back = button(icon(name), () => { cut.dataset.act = ""; this.act(act); }, { className: "main" });
    back.append(` ${label}`);
    cut.replaceChildren(said, back);
  }

  showToast({ toast_count: count = 0, toasts = [] }) {
    if (count > (this.toasted ?? count)) this.toast(toasts.at(-1).text, toasts.at(-1).lang);
    this.toasted = count;
  }

  toast(text, lang = "") {
    const toast = this.part("toast");
    toast.textContent = text;
    toast.lang = lang || document.documentElement.lang;
    toast.hidden = false;
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => { toast.hidden = true; }, TOAST_MS);
  }

  // Somebody comes to this phone. Where fingers tap, a keyboard that slides up would cover half of it.
  enter() {
    this.part(matchMedia("(pointer: coarse)").matches ? "log" : "text").focus({ preventScroll: true });
  }

  // Say something to a screen reader alone.
  tell(text) {
    this.part("told").textContent = text;
  }

  get visible() {
    return document.visibilityState === "visible" && this.root.checkVisibility();
  }

  // Whoever sees the end of the talk has read it; the sandbox keeps that, and the platform is told.
  looked() {
    if (this.shown?.unread && this.visible && this.chat.atEnd) {
      this.shown.unread = 0;
      this.act("read");
    }
  }

  // What its person does

  async act(name, body = {}) {
    const done = await post(this.kind.channel, name, { person: this.person.id, ...body });
    if (!done) this.toast(this.whyNot());
    return done;
  }

  whyNot() {
    if (this.shown?.offline) return say("unsent_off");
    if (this.shown?.blocked) return say("unsent_blocked");
    return say("unsent");
  }

  say(text, answered = null) {
    this.chat.toEnd();
    return this.act("say", { text, reply_to: answered && this.kind.id(answered) });
  }

  edit(message, text) {
    return this.act("edit", { message: this.kind.id(message), text });
  }

  tap(message, data) {
    this.chat.toEnd();
    return this.act("tap", { message, data });
  }

  reply(message) {
    this.composer.begin("reply", message);
  }

  forward(message, owner) {
    this.chat.toEnd();
    return this.act("forward", { message: owner.kind.id(message), of: owner.person.id });
  }

  async sendFiles(files, { kind, caption = "" }) {
    this.chat.toEnd();
    for (let sent = 0; sent < files.length; sent += ALBUM) {
      const album = files.slice(sent, sent + ALBUM);
      if (!(await this.sendAlbum(album, { kind, caption: sent ? "" : caption }))) {
        this.toast(say("unsent_file"));
        return;
      }
    }
  }

  sendAlbum(files, { kind, caption }) {
    const body = new FormData();
    body.append("person", this.person.id);
    body.append("kind", kind);
    body.append("caption", caption);
    for (const file of files) body.append("file", file, file.name);
    return post(this.kind.channel, "send", body);
  }

  openMenu(message) {
    openMessageMenu(this, message);
  }
}
