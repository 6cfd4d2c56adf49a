// The panel beside the phones: clock, regency, outbox, bot, faults, journal. The server says what stands in it.

import { button, element, icon, iconButton, shortTime } from "./elements.js";
import { aboutOf } from "./people.js";
import { watched } from "./server.js";
import { Tour } from "./tour.js";
import { all, fill, language as chosen, onSpoken, speak } from "./words.js";

const RETRY_MS = 1500;
const MOVES = ["hour", "morning", "week", "deadline"];
const SPEEDS = ["hour", "day"];
const FAULTS = ["too_many", "offline", "late", "repeated", "shuffled"];
const root = document.getElementById("panel");

export class Panel {
  constructor() {
    this.tour = new Tour({ act: (act) => this.post("tour", { act }), begin: () => this.post("fresh", {}) }, root);
    this.toggle = button("", () => this.open(!document.body.classList.contains("panel-open")), { id: "panel-toggle", className: "tool" });
    this.toggle.setAttribute("aria-controls", "panel");
    (document.getElementById("tools") ?? document.body).prepend(this.toggle);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.open(false); });
    this.open(false);
    onSpoken(() => this.speak());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.cut?.abort(); });
  }

  // What the server says

  async begin() {
    this.people = (await this.fetched("api/people")).people;
    this.speak();
    this.listen();
  }

  speak() {
    this.language = chosen;
    this.words = all();
    this.build();
    this.digest = "";
    this.cut?.abort();
  }

  async fetched(address) {
    for (;;) {
      try {
        return await (await fetch(address)).json();
      } catch {
        await wait();
      }
    }
  }

  async listen() {
    for (;;) {
      await watched();
      this.cut = new AbortController();
      try {
        const answer = await fetch(`api/panel?lang=${this.language}&after=${this.digest}`, { signal: this.cut.signal });
        if (!answer.ok) throw new Error(String(answer.status));
        const view = await answer.json();
        this.digest = view.digest;
        this.show(view);
        this.part("lost").hidden = true;
      } catch {
        if (this.cut.signal.aborted) continue;
        this.part("lost").hidden = false;
        await wait();
      }
    }
  }

  async post(act, body) {
    const headers = { "Content-Type": "application/json" };
    try {
      await fetch(`api/panel/${act}`, { method: "POST", headers, body: JSON.stringify(body) });
      this.cut?.abort(); // look at once
    } catch {
      this.part("lost").hidden = false;
    }
  }

  say(key, parameters = {}) {
    return fill(this.words[`panel.${key}`], parameters);
  }

  part(name) {
    return root.querySelector(`[data-part="${name}"]`);
  }

  open(open) {
    document.body.classList.toggle("panel-open", open);
    this.toggle.setAttribute("aria-expanded", String(open));
  }

  // What stands there from the beginning

  build() {
    root.lang = this.language;
    root.setAttribute("aria-label", this.say("title"));
    this.toggle.replaceChildren(icon("window"), element("span", {}, this.say("open")));
    const close = iconButton("close", this.say("close"), () => { this.open(false); this.toggle.focus(); }, { className: "panel-close" });
    const language = button(this.say("language"), () => this.changeLanguage(), { className: "link", lang: this.language === "id" ? "en" : "id" });
    const lost = element("p", { className: "lost", hidden: true, data: { part: "lost" }, role: "status" }, this.say("lost"));
    root.replaceChildren(element("header", {}, element("h2", {}, this.say("title")), language, close), lost,
      this.buildClock(), this.buildFigures(), this.buildBot(), this.buildOutbox(), this.buildFaults(), this.buildJournal());
    this.tour.speak(this.words, this.language);
  }

  async changeLanguage() {
    await speak(this.language === "id" ? "en" : "id");
    root.querySelector("header .link").focus();
  }

  section(name, ...parts) {
    const id = `panel-${name}`;
    return element("section", { aria: { labelledby: id } }, element("h3", { id }, this.say(`${name}_title`)), ...parts);
  }

  folded(name, ...parts) {
    const made = element("details", { className: "section" }, element("summary", {}, element("h3", {}, this.say(`${name}_title`))), ...parts);
    made.open = sessionStorage.getItem(`panel-${name}`) === "open";
    made.addEventListener("toggle", () => sessionStorage.setItem(`panel-${name}`, made.open ? "open" : ""));
    return made;
  }

  buildClock() {
    const moves = MOVES.map((to) => button(this.say(`move_${to}`), () => this.post("move", { to }), { data: { act: to } }));
    const speed = element("select", { aria: { label: this.say("speed") } },
      ...SPEEDS.map((name) => element("option", { value: name }, this.say(`speed_${name}`))));
    const play = button(this.say("play"), () => this.play(speed.value), { data: { act: "play" } });
    return this.section("clock",
      element("p", { className: "now", role: "timer" }, element("strong", { data: { part: "time" } }), " ", element("span", { data: { part: "day" } })),
      element("p", { className: "soft", data: { part: "ahead" } }), element("p", { data: { part: "deadline" } }),
      element("div", { className: "keys-row" }, ...moves), element("div", { className: "keys-row" }, speed, play),
      element("p", { className: "soft", data: { part: "going" }, role: "status" }));
  }

  play(speed) {
    this.post("play", { speed: this.playing || this.moving ? "" : speed });
  }

  buildFigures() {
    return this.section("figures", element("div", { data: { part: "lines" } }), element("dl", { data: { part: "rows" } }));
  }

  buildOutbox() {
    const planned = element("h4", { hidden: true, data: { part: "planned-title" } });
    return this.section("outbox", element("ul", { className: "lines", data: { part: "outbox" } }), planned,
      element("ul", { className: "lines", data: { part: "planned" } }), element("h4", {}, this.say("sent_title")),
      element("ul", { className: "lines", data: { part: "sent" } }));
  }

  buildBot() {
    const kill = button(this.say("kill"), () => { this.watching = true; this.post("kill", {}); }, { className: "danger", data: { act: "kill" } });
    const head = element("tr", {}, ...["what", "before", "after"].map((key) => element("th", { scope: "col" }, this.say(key))));
    const table = element("table", { hidden: true, data: { part: "counts" }, aria: { labelledby: "panel-bot" } }, element("thead", {}, head), element("tbody", {}));
    return this.section("bot", element("div", { className: "keys-row" }, element("span", { className: "state", data: { part: "state" }, role: "status" }), kill),
      element("p", { data: { part: "killed" }, role: "status" }), table);
  }

  buildFaults() {
    const switches = FAULTS.map((name) => {
      const box = element("input", { type: "checkbox", data: { fault: name }, onchange: () => this.post("fault", { name, on: box.checked }) });
      const id = `fault-${name}`;
      box.setAttribute("aria-describedby", id);
      const [seen, tried] = [element("strong", { data: { seen: name } }), element("p", { className: "soft tried", id, hidden: true })];
      tried.append(this.say(`try_${name}`), " ", seen);
      return [element("label", { className: "switch" }, box, element("span", {}, this.say(`fault_${name}`))), tried];
    });
    const people = element("select", { aria: { label: this.say("fault_blocked") } },
      ...this.people.map((person) => element("option", { value: person.id }, `${person.name} – ${aboutOf(person)}`)));
    const keys = [[true, "block"], [false, "unblock"]].map(([on, word]) => button(this.say(word), () => this.post("block", { person: people.value, on })));
    return this.folded("faults", ...switches.flat(), element("label", { className: "stacked" }, this.say("fault_blocked"), people),
      element("div", { className: "keys-row" }, ...keys), element("p", { className: "soft", data: { part: "blocked" } }));
  }

  buildJournal() {
    const links = ["telegram", "whatsapp"].map((channel) => element("a", { href: `api/${channel}/journal`, target: "_blank", rel: "noopener" }, channel === "telegram" ? "Telegram" : "WhatsApp"));
    return this.folded("journal", element("ol", { className: "journal", data: { part: "journal" }, tabIndex: 0, aria: { label: this.say("journal_title") } }),
      element("p", { className: "soft" }, this.say("journal_calls"), links[0], ", ", links[1]));
  }

  // What changes

  show(view) {
    this.showClock(view.clock);
    this.write("lines", view.figures.lines, (line) => element("p", {}, line));
    this.write("rows", view.figures.rows, ({ label, value }) => element("div", {}, element("dt", {}, label), element("dd", {}, value)));
    this.writeList("outbox", view.outbox, this.say("outbox_empty"));
    this.part("planned-title").textContent = this.say("planned_title", { count: view.planned.count });
    this.part("planned-title").hidden = !view.planned.count;
    this.writeList("planned", view.planned, "");
    this.writeList("sent", { lines: view.sent, count: view.sent.length }, this.say("sent_empty"));
    this.showBot(view.bot);
    for (const fault of view.faults) this.showFault(fault);
    this.showBlocked(view.blocked);
    this.write("journal", view.journal.length ? view.journal : [null], (line) => this.drawHappening(line));
    this.tour.show(view.tour);
  }

  showClock(clock) {
    for (const name of ["time", "day", "ahead", "deadline", "going"]) this.part(name).textContent = clock[name];
    this.moving = Boolean(clock.going);
    this.playing = clock.speed > 0;
    for (const to of MOVES) disable(root.querySelector(`[data-act="${to}"]`), this.moving || !clock.targets[to]);
    root.querySelector('[data-act="play"]').textContent = this.say(this.playing || this.moving ? "stop" : "play");
  }

  showBot({ up, kill }) {
    this.part("state").textContent = this.say(up ? "bot_up" : "bot_down");
    this.part("state").classList.toggle("down", !up);
    disable(root.querySelector('[data-act="kill"]'), !up);
    this.part("killed").textContent = kill?.text ?? "";
    const table = this.part("counts");
    table.hidden = !kill;
    table.tBodies[0].replaceChildren(...(kill?.rows ?? []).map((row) => element("tr", {},
      element("th", { scope: "row" }, row.label), element("td", {}, row.before), element("td", {}, row.after))));
    if (this.watching && kill) table.scrollIntoView({ block: "nearest" }); // whoever killed it wants to see this
    this.watching &&= !kill?.back;
  }

  // What to try while it is on, and what it has done so far.
  showFault({ name, on, seen }) {
    root.querySelector(`[data-fault="${name}"]`).checked = on;
    root.querySelector(`#fault-${name}`).hidden = !on;
    root.querySelector(`[data-seen="${name}"]`).textContent = seen;
  }

  showBlocked(addresses) {
    const names = this.people.filter((person) => addresses.includes(person.id)).map((person) => person.name).join(", ");
    this.part("blocked").textContent = names ? this.say("blocked_by", { names }) : this.say("blocked_by_nobody");
  }

  // Draw a list anew only when it differs: what is in it keeps its place and its focus.
  write(name, values, draw) {
    const holder = this.part(name);
    const fresh = JSON.stringify(values);
    if (holder.dataset.fresh === fresh) return;
    holder.dataset.fresh = fresh;
    holder.replaceChildren(...values.map(draw));
  }

  writeList(name, { lines, count }, empty) {
    const shown = lines.map((line) => line.text);
    if (count > lines.length) shown.push(this.say("outbox_more", { count: count - lines.length }));
    this.write(name, shown.length || !empty ? shown : [empty], (line) => element("li", {}, line));
  }

  drawHappening(happening) {
    if (!happening) return element("li", {}, this.say("journal_empty"));
    const { number, at, text, raw } = happening;
    const time = element("time", { dateTime: new Date(at * 1000).toISOString() }, shortTime(at));
    const more = raw && element("a", { href: `api/panel/raw/${number}`, target: "_blank", rel: "noopener", aria: { label: `${this.say("journal_raw")}: ${text}` } }, this.say("journal_raw"));
    return element("li", {}, time, element("span", {}, text), more);
  }
}

// A button that cannot be used now keeps the focus and its place in the tab order.
function disable(key, off) {
  key.setAttribute("aria-disabled", String(off));
}

root.addEventListener("click", (event) => {
  if (event.target.closest('[aria-disabled="true"]')) { event.stopPropagation(); event.preventDefault(); }
}, true);

const wait = () => new Promise((done) => setTimeout(done, RETRY_MS));

