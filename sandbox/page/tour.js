// The guided tour: a card that says what to do, and a ring around where to tap. It never stands in the way.

import { button, element, iconButton } from "./elements.js";
import { closeSheet, openSheet, row } from "./sheet.js";
import { fill } from "./words.js";

const LOOK_MS = 400; // between two looks at where the ring belongs
const NARROW = matchMedia("(max-width: 68.6875em)"); // as panel.css has it

export class Tour {
  // `act` takes a step of the tour; `begin` begins the whole sandbox anew.
  constructor({ act, begin }, panel) {
    Object.assign(this, { act, begin });
    this.card = element("section", { id: "tour", hidden: true, aria: { live: "polite" } });
    this.stand(panel);
    NARROW.addEventListener("change", () => this.stand(panel));
    setInterval(() => this.ring(), LOOK_MS);
  }

  // The card is read where it is seen: above the phones where there is little room, else above the panel.
  stand(panel) {
    const focused = this.card.contains(document.activeElement) ? document.activeElement : null;
    (NARROW.matches ? document.getElementById("phones") : panel).before(this.card);
    focused?.focus();
  }

  speak(words, language) {
    this.words = words;
    this.card.lang = language;
    this.fresh = "";
  }

  say(key, parameters = {}) {
    return fill(this.words[`tour.${key}`], parameters);
  }

  show(tour) {
    this.tour = tour;
    const fresh = JSON.stringify(tour);
    if (fresh === this.fresh) return;
    this.fresh = fresh;
    const focused = this.card.contains(document.activeElement) ? document.activeElement.dataset.go : "";
    this.card.hidden = tour.state === "nowhere";
    this.card.className = tour.state;
    this.card.replaceChildren(...this.draw(tour));
    this.card.setAttribute("aria-label", this.card.querySelector("h2")?.textContent ?? this.say("start"));
    if (focused) this.keyFor(focused)?.focus();
    this.ring();
  }

  // Where the keyboard goes on: the same key, else what the step asks for; never first what skips it.
  keyFor(focused) {
    return ["[data-go=\"" + focused + "\"]", ".keys-row button", "button"].map((path) => this.card.querySelector(path)).find(Boolean);
  }

  draw(tour) {
    if (tour.state === "running") return this.drawStep(tour);
    if (tour.state === "left") return [this.go("resume", "resume")];
    if (tour.state === "ended" && tour.done.every(Boolean)) {
      return [element("h2", {}, this.say("ended_title")), element("p", {}, this.say("ended_text")), this.goAgain(tour)];
    }
    if (tour.state === "ended") return [this.goAgain(tour)];
    const keys = tour.lacks_any ? [this.goFresh("main"), this.go("start", "start")] : [this.go("start", "start", "main")];
    return [element("h2", {}, this.say("offer_title")), element("p", {}, this.say(tour.lacks_any ? "lacks_any_text" : "offer_text")),
      element("div", { className: "keys-row" }, ...keys, this.go("later", "leave"))];
  }

  // What a walk has used up, the next one needs anew.
  goAgain(tour) {
    const word = tour.done.some(Boolean) ? "again" : "start";
    return tour.lacks_any ? this.goFresh("", word) : this.go(word, "start");
  }

  goFresh(className = "", word = "fresh") {
    return button(this.say(word), () => this.askFresh(), { className, data: { go: "fresh" }, aria: { haspopup: "dialog" } });
  }

  // Nothing is forgotten before somebody has read what it is.
  askFresh() {
    openSheet(this.say("fresh_title"), [element("p", { className: "said" }, this.say("fresh_text")),
      row(this.say("fresh_no"), closeSheet, { mark: "back" }), row(this.say("fresh_yes"), () => this.begin(), { mark: "power" })]);
  }

  drawStep(tour) {
    const done = tour.done[tour.number - 1];
    const last = tour.number === tour.count;
    const links = [tour.number > 1 && this.go("back", "back", "link"), !done && !last && this.go("skip", "next", "link"), this.go("leave", "leave", "link")];
    const lacks = tour.lacks && !done;
    const head = element("header", {}, element("p", { className: "soft" }, this.say("step", tour)), ...links, this.fold());
    const dots = element("ol", { className: "dots", aria: { hidden: "true" } }, ...tour.done.map((is, position) => element("li", { className: `${is ? "done" : ""}${position === tour.number - 1 ? " now" : ""}` })));
    const checks = element("ul", { className: "checks" }, ...tour.checks.map((check) => element("li", { className: check.done ? "done" : "" },
      element("span", { aria: { hidden: "true" } }, check.done ? "✓" : "○"), element("span", { className: "unseen" }, this.say(check.done ? "done" : "not_yet")), check.text)));
    const next = (done || last) && this.go(last ? "finish" : "next", "next", done ? "main" : "");
    return [head, element("h2", {}, tour.title), element("p", {}, ...(lacks ? [this.say("lacks_text")] : withShown(done ? tour.after : tour.text))), checks,
      element("div", { className: "keys-row" }, ...(lacks ? [this.goFresh()] : this.helps(tour, done)), next), dots];
  }

  // Where there is little room the card can be folded to its title.
  fold() {
    const folded = sessionStorage.getItem("tour-folded") === "yes";
    this.card.classList.toggle("folded", folded);
    const flip = () => {
      sessionStorage.setItem("tour-folded", folded ? "" : "yes");
      this.fresh = "";
      this.show(this.tour);
    };
    const key = iconButton(folded ? "unfold" : "fold", this.say(folded ? "unfold" : "fold"), flip, { className: "fold", data: { go: "fold" } });
    key.setAttribute("aria-expanded", String(!folded));
    return key;
  }

  // What brings somebody there at once: the phone, and the words to write.
  helps(tour, done) {
    if (done || !tour.person) return [];
    const keys = [button(this.say("open_phone"), () => this.openPhone(), { data: { go: "phone" } })];
    if (tour.say) keys.push(button(this.say("write", tour), () => this.write(tour.say), { data: { go: "write" } }));
    return keys;
  }

  go(word, act, className = "") {
    return button(this.say(word), () => this.act(act), { className, data: { go: word } });
  }

  // The phones

  phone() {
    return document.querySelector(`.phone[data-person="${CSS.escape(this.tour.person)}"]:not([hidden])`);
  }

  openPhone() {
    document.body.classList.remove("panel-open");
    sessionStorage.setItem("inHand", this.tour.person);
    const open = decodeURIComponent(location.hash.slice(1)).split(",").filter((id) => id && id !== this.tour.person);
    location.hash = [...open.slice(-1), this.tour.person].join(",");
    return new Promise((done) => setTimeout(() => { this.phone()?.querySelector('[data-part="text"]').focus(); done(); }, LOOK_MS / 4));
  }

  async write(text) {
    if (!this.phone()) await this.openPhone();
    const typed = this.phone()?.querySelector('[data-part="text"]');
    if (!typed) return;
    typed.value = text;
    typed.dispatchEvent(new Event("input", { bubbles: true }));
    typed.focus();
  }

  // Where to tap now

  ring() {
    const target = this.tour?.state === "running" && !this.tour.done[this.tour.number - 1] ? this.target() : null;
    if (target === this.ringed && (!target || target.classList.contains("tour-here"))) return;
    for (const old of document.querySelectorAll(".tour-here")) old.classList.remove("tour-here");
    target?.classList.add("tour-here");
    if (target?.closest("#panel")) target.scrollIntoView({ block: "nearest" });
    this.ringed = target;
  }

  target() {
    const { person, button: name } = this.tour;
    if (name) {
      const key = document.querySelector(`#panel [data-act="${name}"]`);
      return key?.checkVisibility() ? key : document.getElementById("panel-toggle");
    }
    if (!person) return null;
    const phone = this.phone();
    if (!phone) return this.card.querySelector('[data-go="phone"]');
    return this.keyIn(phone) ?? phone.querySelector('[data-part="send"]').closest("form");
  }

  // Of the buttons that still count, the one the step names first; those of the newest message before others.
  keyIn(phone) {
    for (const keys of [...phone.querySelectorAll(".keys:not(.old)")].reverse()) {
      const labelled = [...keys.querySelectorAll("button")];
      for (const labels of this.tour.taps) {
        const key = labelled.find((one) => labels.some((label) => one.textContent.trim().startsWith(label)));
        if (key) return key;
      }
    }
    return null;
  }
}

// What a phone shows stands out, and is read in the language the examples speak.
function withShown(text) {
  return text.split(/\*([^*]+)\*/).map((part, position) => (position % 2 ? element("strong", { lang: "id" }, part) : part));
}
