// One phone: what it shows, what is typed, tapped and sent at it. Its kind says how a message is drawn.

import { day, element, key } from "./render.js";

const RETRY_MS = 1500;
const TOAST_MS = 4000;
const NEAR_END = 160; // pixels
const TALLEST = 160; // pixels, of what is being typed

export class Phone {
  constructor(root, kind, { ready, changed }) {
    this.root = root;
    this.kind = kind;
    this.ready = ready; // what is typed before the page knows who speaks waits
    this.changed = changed; // told the numbers of everybody's phones
    this.person = null;
    this.run = 0;
    this.atEnd = true;
    this.forget();
    root.append(document.getElementById("phone").content.cloneNode(true));
    for (const part of root.querySelectorAll("[data-part]")) part.id = root.dataset.prefix + part.dataset.part;
    this.part("channel").textContent = `· ${kind.title}`;
    this.listenToHands();
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  forget() {
    Object.assign(this, { seq: -1, drawn: new Map(), toasted: null, commands: [], replyTo: null });
  }

  choose(person) {
    this.forget();
    this.person = person;
    this.reply(null);
    this.part("log").replaceChildren();
    delete this.part("log").dataset.day;
    this.part("as").textContent = `sebagai ${person.name} · ${person.about}`;
    this.listen(++this.run);
  }

  tell(text) {
    this.part("notice").textContent = text;
    this.part("notice").hidden = !text;
  }

  // What it shows

  async listen(run) {
    while (run === this.run) {
      try {
        const answer = await fetch(`${this.kind.api}/chat?person=${this.person.id}&after=${this.seq}`);
        if (!answer.ok) throw new Error(String(answer.status));
        const shown = await answer.json();
        if (run !== this.run) return;
        if (shown.seq < this.seq) { this.drawn.clear(); this.part("log").replaceChildren(); }
        this.tell("");
        this.show(shown);
      } catch {
        this.tell("Ruang latihan sedang tidak terhubung. Halaman ini menyambung sendiri.");
        await new Promise((done) => setTimeout(done, RETRY_MS));
      }
    }
  }

  show(shown) {
    const log = this.part("log");
    this.atEnd ||= this.isNearEnd();
    this.seq = shown.seq;
    this.commands = shown.commands ?? [];
    this.offerCommands();
    for (const message of shown.messages) this.draw(log, message);
    this.replyKeys(shown.messages.at(-1));
    this.toasts(shown);
    this.changed(this, shown);
    if (!shown.messages.length) this.greet(log);
    if (this.atEnd) log.scrollTop = log.scrollHeight;
  }

  isNearEnd() {
    const log = this.part("log");
    return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
  }

  greet(log) {
    if (log.childElementCount) return;
    const [label, said] = this.kind.hello;
    const start = key(label, () => this.say(said));
    log.append(element("div", { className: "empty" }, element("p", {}, "Belum ada percakapan."), start));
  }

  draw(log, message) {
    log.querySelector(".empty")?.remove();
    const fresh = JSON.stringify(message);
    const before = this.drawn.get(this.kind.id(message));
    if (before?.fresh === fresh) return;
    const made = this.kind.draw(message, this);
    if (before) {
      before.box.replaceWith(made);
    } else {
      const today = new Date(message.at * 1000).toDateString();
      if (log.dataset.day !== today || !log.childElementCount) log.append(day(message.at));
      log.dataset.day = today;
      log.append(made);
    }
    this.drawn.set(this.kind.id(message), { fresh, box: made });
  }

  toasts(shown) {
    const count = shown.toast_count ?? 0;
    if (count > (this.toasted ?? count)) {
      this.part("toast").textContent = shown.toasts.at(-1);
      this.part("toast").hidden = false;
      setTimeout(() => { this.part("toast").hidden = true; }, TOAST_MS);
    }
    this.toasted = count;
  }

  replyKeys(last) {
    const keys = this.part("reply-keys");
    const offers = last && this.kind.isBot(last) && ["phone", "location", "words"].includes(last.reply_keyboard);
    keys.hidden = !offers;
    if (!offers) return;
    keys.replaceChildren(...last.reply_labels.map((label, number) => {
      const shares = number === 0 && last.reply_keyboard !== "words";
      const answer = () => (shares ? this.act(last.reply_keyboard === "phone" ? "contact" : "location") : this.say(label));
      return key(label, answer);
    }));
  }

  // What its person does

  async act(path, body = {}) {
    await this.ready;
    await this.post(path, { person: this.person.id, ...body });
  }

  async post(path, body) {
    const form = body instanceof FormData;
    const headers = form ? {} : { "Content-Type": "application/json" };
    const sent = { method: "POST", headers, body: form ? body : JSON.stringify(body) };
    const answer = await fetch(`${this.kind.api}/${path}`, sent);
    if (!answer.ok) this.tell("Belum terkirim. Periksa apakah ruang latihan masih berjalan.");
  }

  say(text) {
    if (!text.trim()) return;
    this.atEnd = true;
    this.act("say", { text, reply_to: this.replyTo });
    this.reply(null);
  }

  reply(message) {
    this.replyTo = message ? this.kind.id(message) : null;
    this.part("text").placeholder = message ? `Membalas: ${message.text.slice(0, 40)}… (Esc: batal)` : "Tulis pesan…";
    if (message) this.part("text").focus();
  }

  tap(message, data) {
    this.atEnd = true;
    this.act("tap", { message, data });
    // the button may be drawn anew: whoever taps by keyboard goes on from where texts are typed
    if (document.activeElement?.matches(":focus-visible")) this.part("text").focus({ preventScroll: true });
  }

  async sendFile(file) {
    await this.ready;
    const body = new FormData();
    body.append("person", this.person.id);
    body.append("kind", file.type.startsWith("image/") && confirm("Kirim sebagai foto?") ? "photo" : "document");
    body.append("file", file);
    this.post("send", body);
  }

  submit() {
    this.say(this.part("text").value);
    this.part("text").value = "";
    this.grow();
    this.offerCommands();
  }

  grow() {
    const typed = this.part("text");
    typed.style.height = "auto";
    typed.style.height = `${Math.min(typed.scrollHeight, TALLEST)}px`;
  }

  offerCommands() {
    const typed = this.part("text").value;
    const fitting = typed.startsWith("/") && !typed.includes(" ")
      ? this.commands.filter((one) => one.command.startsWith(typed.slice(1))) : [];
    this.part("commands").hidden = !fitting.length;
    this.part("commands").replaceChildren(...fitting.map((one) => {
      const chosen = key("", () => { this.part("text").value = `/${one.command}`; this.submit(); });
      chosen.append(element("strong", {}, `/${one.command}`), ` ${one.description}`);
      return element("li", { role: "option" }, chosen);
    }));
  }

  listenToHands() {
    const typed = this.part("text"), log = this.part("log"), file = this.part("file");
    this.part("write").addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    typed.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
      if (event.key === "Escape") { this.part("commands").hidden = true; this.reply(null); }
    });
    typed.addEventListener("input", () => { this.grow(); this.offerCommands(); });
    log.addEventListener("scroll", () => { this.atEnd = this.isNearEnd(); });
    log.addEventListener("load", () => { if (this.atEnd) log.scrollTop = log.scrollHeight; }, true); // a picture has come
    new ResizeObserver(() => { if (this.atEnd) log.scrollTop = log.scrollHeight; }).observe(log);
    this.part("attach").addEventListener("click", () => file.click());
    file.addEventListener("change", () => { for (const one of file.files) this.sendFile(one); file.value = ""; });
    this.part("place").addEventListener("click", () => this.act("location"));
    this.root.addEventListener("dragover", (event) => event.preventDefault());
    this.root.addEventListener("drop", (event) => {
      event.preventDefault();
      for (const one of event.dataTransfer.files) this.sendFile(one);
    });
  }
}
