// The phones side by side: as many as there is room for, the others a tap away. The page's address names whose
// phones are open, so that a reload shows them again.

import { badge, button, element, face } from "./elements.js";
import { aboutOf, choosePerson } from "./people.js";
import { Phone } from "./phone.js";
import { onSpoken, say } from "./words.js";

const LEAST = 20; // letters wide is a phone: 320 pixels where nobody has asked for larger ones
const CHIPS = 3; // of people with news who have no phone open
const area = document.getElementById("phones");
const switcher = document.getElementById("switcher");
const news = document.getElementById("news");

export class Deck {
  constructor(people, changed) {
    this.people = people;
    this.changed = changed; // told when other phones are shown than before
    this.unread = {};
    this.phones = [];
    this.inHand = null;
    new ResizeObserver(() => this.lay()).observe(area);
    addEventListener("hashchange", () => this.open(this.named()));
    document.addEventListener("visibilitychange", () => this.look());
    document.getElementById("add").addEventListener("click", () => this.ask());
    onSpoken(() => this.drawAnew());
  }

  // In another language: the talks come from the server once more.
  drawAnew() {
    this.phones = this.phones.map((phone) => {
      const fresh = new Phone(phone.person, this);
      phone.root.replaceWith(fresh.root);
      return fresh;
    });
    this.settle(this.phones.find((phone) => phone.person === this.inHand.person));
  }

  // Which phones

  start() {
    const named = this.named();
    const first = (channel) => this.people.find((person) => person.channel === channel);
    this.open(named.length ? named : [first("telegram"), first("whatsapp")].filter(Boolean));
  }

  named() {
    const ids = decodeURIComponent(location.hash.slice(1)).split(",");
    return ids.map((id) => this.people.find((person) => person.id === id)).filter(Boolean);
  }

  open(people) {
    if (!people.length || people.map((person) => person.id).join() === this.ids()) return;
    for (const phone of this.phones) if (!people.includes(phone.person)) phone.root.remove();
    this.phones = people.map((person) => this.phones.find((phone) => phone.person === person) ?? new Phone(person, this));
    for (const phone of this.phones) if (!phone.root.isConnected) area.append(phone.root);
    this.settle(this.phones.find((phone) => phone.person.id === sessionStorage.getItem("inHand")) ?? this.phones[0]);
  }

  ids() {
    return this.phones.map((phone) => phone.person.id).join();
  }

  shows(person) {
    return this.phones.some((phone) => phone.person === person);
  }

  // The phone of a person: the open one, or one that is opened for it.
  phoneOf(person) {
    if (!this.shows(person)) this.add(person);
    const phone = this.phones.find((one) => one.person === person);
    this.settle(phone);
    return phone;
  }

  add(person) {
    const phone = new Phone(person, this);
    this.phones.push(phone);
    area.append(phone.root);
    this.settle(phone);
  }

  ask() {
    choosePerson(this, { title: say("open_whose"), chosen: (person) => this.phoneOf(person).enter() });
  }

  swap(phone) {
    const chosen = (person) => {
      if (this.shows(person)) { this.phoneOf(person).enter(); return; }
      const fresh = new Phone(person, this);
      this.phones[this.phones.indexOf(phone)] = fresh;
      phone.root.replaceWith(fresh.root);
      this.settle(fresh);
      fresh.enter();
    };
    choosePerson(this, { title: say("change_person"), chosen, over: phone.root });
  }

  close(phone) {
    const position = this.phones.indexOf(phone);
    this.phones.splice(position, 1);
    phone.root.remove();
    this.settle(this.phones[Math.max(0, position - 1)]);
    this.inHand.enter();
  }

  settle(inHand) {
    this.inHand = inHand;
    sessionStorage.setItem("inHand", inHand.person.id);
    history.replaceState(null, "", `#${this.ids()}`);
    this.lay();
    this.changed();
  }

  takeUp(phone) {
    if (phone === this.inHand || !this.phones.includes(phone)) return;
    this.inHand = phone;
    sessionStorage.setItem("inHand", phone.person.id);
    this.lay();
  }

  // What is seen

  lay() {
    if (!this.inHand) return;
    const room = Math.max(1, Math.floor(area.clientWidth / (LEAST * parseFloat(getComputedStyle(document.documentElement).fontSize))));
    const here = this.phones.indexOf(this.inHand);
    const first = Math.min(Math.max(0, here - room + 1), Math.max(0, this.phones.length - room));
    this.phones.forEach((phone, position) => {
      phone.root.hidden = position < first || position >= first + room;
      phone.root.classList.toggle("in-hand", phone === this.inHand && this.phones.length > 1);
    });
    switcher.hidden = this.phones.length <= room;
    this.drawBar();
    this.look();
  }

  look() {
    for (const phone of this.phones) phone.looked();
  }

  show({ phones, unread }, { anew }) {
    this.unread = unread;
    for (const phone of this.phones) {
      if (anew) phone.forget();
      if (phones[phone.person.id]) phone.show(phones[phone.person.id]);
    }
    this.drawBar();
  }

  // The phones that have no room, and the people without an open phone who have news.
  drawBar() {
    keepingFocus(switcher, () => switcher.replaceChildren(...this.phones.map((phone) => this.drawTab(phone))));
    const tab = switcher.querySelector("[aria-pressed=true]");
    if (tab) switcher.scrollLeft = tab.offsetLeft - (switcher.clientWidth - tab.offsetWidth) / 2;
    const waiting = this.people.filter((person) => this.unread[person.id] && !this.shows(person));
    keepingFocus(news, () => news.replaceChildren(...waiting.slice(0, CHIPS).map((person) => this.drawChip(person)),
      ...(waiting.length > CHIPS ? [this.drawMore(waiting.length - CHIPS)] : [])));
    news.hidden = !waiting.length;
    const count = document.getElementById("add-count");
    count.textContent = waiting.length;
    count.hidden = !waiting.length;
  }

  drawMore(count) {
    const more = { className: "chip", data: { id: "more" }, aria: { label: say("more_people", { count }) } };
    return button(`+${count}`, () => this.ask(), more);
  }

  drawTab(phone) {
    const { id, name, channel } = phone.person;
    const chosen = () => { this.settle(phone); phone.enter(); };
    const made = button(element("span", {}, name.split(" ")[0]), chosen, { className: `tab ${channel}`, data: { id } });
    if (this.unread[id]) made.append(badge(this.unread[id]));
    made.setAttribute("aria-pressed", String(phone === this.inHand));
    const unread = this.unread[id] ? [`${this.unread[id]} ${say("unread")}`] : [];
    made.setAttribute("aria-label", [name, phone.kind.title, ...unread].join(", "));
    return made;
  }

  drawChip(person) {
    const chosen = () => this.phoneOf(person).enter();
    const known = { className: "chip", title: aboutOf(person), data: { id: person.id } };
    const made = button(face(person.name, person.channel), chosen, known);
    made.append(element("span", {}, person.name.split(" ")[0]), badge(this.unread[person.id]));
    return made;
  }
}

// Draw a bar anew, with the focus on the button it was on.
function keepingFocus(bar, draw) {
  const id = bar.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  draw();
  if (id) bar.querySelector(`[data-id="${CSS.escape(id)}"]`)?.focus();
}
