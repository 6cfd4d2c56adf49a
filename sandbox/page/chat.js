// The talk on a phone: draws what is new, keeps its place and the focus, and says when something new is below.

import { button, dayName, element, icon } from "./elements.js";
import { drawMessage, restamp } from "./message.js";
import { say } from "./words.js";

const NEAR_END = 80; // pixels

export class Chat {
  constructor(phone) {
    this.phone = phone;
    this.log = phone.part("log");
    this.hint = phone.part("hint");
    this.atEnd = true;
    this.forget();
    this.log.addEventListener("scroll", () => this.scrolled());
    this.log.addEventListener("load", () => this.keepEnd(), true); // a picture has come
    this.log.addEventListener("keydown", (event) => this.walk(event));
    this.log.addEventListener("contextmenu", (event) => this.openMenu(event));
    this.log.addEventListener("dblclick", (event) => this.replyTo(event));
    this.hint.addEventListener("click", () => { this.toEnd(); this.log.focus({ preventScroll: true }); });
    new ResizeObserver(() => this.keepEnd()).observe(this.log);
  }

  // The sandbox has started anew: nothing that was shown counts.
  forget() {
    Object.assign(this, { drawn: new Map(), messages: new Map(), below: 0 });
    this.log.replaceChildren();
  }

  show(messages) {
    const { kind } = this.phone;
    const first = !this.drawn.size;
    this.log.setAttribute("aria-busy", String(first)); // an old talk is not read out
    this.messages = new Map(messages.map((message) => [kind.id(message), message]));
    for (const id of this.drawn.keys()) if (!this.messages.has(id)) this.drop(id);
    for (const message of messages) this.draw(message, first);
    this.greyOld(messages);
    this.greet(messages);
    this.keepEnd();
    this.tellBelow();
    this.log.setAttribute("aria-busy", "false");
  }

  find(id) {
    return this.messages.get(String(id));
  }

  goTo(id) {
    const box = this.drawn.get(String(id))?.box;
    box?.scrollIntoView({ block: "center" });
    box?.focus({ preventScroll: true });
  }

  // Drawing

  draw(message, first) {
    const id = this.phone.kind.id(message);
    const { seen, tapped, tick, ...lasting } = message;
    const fresh = JSON.stringify(lasting);
    const before = this.drawn.get(id);
    if (before?.fresh === fresh) {
      if (before.tick !== tick) restamp(before.box, message, this.phone.kind); // nobody wants to hear it again
      before.tick = tick;
      return;
    }
    const box = drawMessage(message, this.phone);
    if (before) {
      replaceKeepingFocus(before.box, box);
    } else {
      this.append(message, box);
      if (!first && !this.atEnd && this.phone.kind.isBot(message)) this.below += 1;
    }
    this.drawn.set(id, { fresh, tick, box });
  }

  append(message, box) {
    this.log.querySelector(".empty")?.remove();
    const last = this.log.lastElementChild;
    const today = dayName(message.at);
    if (!last || last.dataset.day !== today) this.log.append(element("p", { className: "day" }, today));
    if (message.group && last?.dataset.group === message.group) {
      last.append(box); // one of several sent together
      return;
    }
    const side = this.phone.kind.isBot(message) ? "bot" : "me";
    const data = { day: today, group: message.group ?? "" };
    this.log.append(element("div", { className: `turn ${side}`, data }, box));
  }

  drop(id) {
    const { box } = this.drawn.get(id);
    const holder = box.parentElement;
    box.remove();
    if (!holder.childElementCount) holder.remove();
    this.drawn.delete(id);
  }

  // Buttons of what was answered are out of the way: grey, and skipped by the tab key; they still work.
  greyOld(messages) {
    const { kind } = this.phone;
    const lastSaid = messages.findLastIndex((message) => !kind.isBot(message));
    messages.forEach((message, position) => {
      const old = position < lastSaid || kind.isAnswered(message);
      const keys = this.drawn.get(kind.id(message)).box.querySelector(".keys");
      if (!keys) return;
      keys.classList.toggle("old", old);
      keys.setAttribute("aria-label", say(old ? "old_keys" : "keys"));
      for (const key of keys.querySelectorAll("button")) key.tabIndex = old ? -1 : 0;
    });
  }

  greet(messages) {
    if (messages.length || this.log.childElementCount) return;
    const [label, said] = this.phone.kind.hello;
    this.log.append(element("div", { className: "empty" }, element("p", {}, say("nothing_said")),
      button(say(label), () => this.phone.say(said), { className: "start" })));
  }

  showTyping(seconds) {
    clearTimeout(this.typing);
    const shown = this.phone.part("typing");
    shown.hidden = seconds <= 0;
    if (seconds > 0) this.typing = setTimeout(() => { shown.hidden = true; }, seconds * 1000);
  }

  // Where it stands

  scrolled() {
    this.atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END;
    if (this.atEnd && this.below) { this.below = 0; this.tellBelow(); }
    if (this.atEnd) this.phone.looked();
  }

  toEnd() {
    this.atEnd = true;
    this.keepEnd();
  }

  keepEnd() {
    if (this.atEnd) this.log.scrollTop = this.log.scrollHeight;
  }

  tellBelow() {
    this.hint.hidden = !this.below;
    this.hint.replaceChildren(icon("down"), say("new_below", { count: this.below }));
  }

  // By hand and by keyboard

  // From where texts are typed up to the newest buttons, or to the newest message.
  enter() {
    const stops = [...this.log.querySelectorAll(".keys:not(.old)")];
    (stops.at(-1)?.querySelector("button") ?? [...this.log.querySelectorAll(".message")].at(-1))?.focus();
  }

  // Up and down walk the messages, and from a button the buttons, the old ones too.
  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const onKey = event.target.matches(".keys button");
    if (step) {
      const stops = [...this.log.querySelectorAll(onKey ? ".keys button" : ".message")];
      const here = stops.indexOf(document.activeElement);
      const next = here < 0 ? stops.at(-1) : stops[here + step];
      if (next) { event.preventDefault(); next.focus(); }
    } else if (event.key === "Enter" && event.target.matches(".message")) {
      event.preventDefault();
      this.openMenu(event);
    } else if (event.key === "Escape") {
      this.phone.part("text").focus();
    }
  }

  openMenu(event) {
    const message = this.meant(event);
    const picked = !getSelection().isCollapsed; // somebody copies a part
    if (!message || picked || event.target.closest("a, audio")) return;
    event.preventDefault();
    this.phone.openMenu(message);
  }

  replyTo(event) {
    const message = event.target.closest(".bubble") && this.meant(event);
    if (message && !event.target.closest("button, a, audio")) this.phone.reply(message);
  }

  meant(event) {
    return this.find(event.target.closest(".message")?.dataset.id);
  }
}

// A message drawn anew: who was at one of its buttons stays there, or at the one in its place.
function replaceKeepingFocus(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const stops = [...old.querySelectorAll("button")];
  const position = stops.indexOf(focused);
  old.replaceWith(fresh);
  if (!focused) return;
  const same = [...fresh.querySelectorAll("button")];
  const named = same.find((stop) => stop.dataset.key && stop.dataset.key === focused.dataset.key);
  (named ?? same[position] ?? fresh).focus({ preventScroll: true });
}
