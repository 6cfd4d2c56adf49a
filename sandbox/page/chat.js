// The page: the people, the two phones, which of them is in hand, and the tools.

import { Phone } from "./phone.js";
import { element } from "./render.js";
import { telegram } from "./telegram.js";
import { whatsapp } from "./whatsapp.js";

const $ = (id) => document.getElementById(id);
const KINDS = { telegram, whatsapp };
const state = { people: [], seen: new Map(), inHand: "telegram", off: new Set() };

let known;
const ready = new Promise((done) => { known = done; });
const phones = Object.fromEntries(Object.entries(KINDS).map(([name, kind]) => [name, new Phone($(name), kind, { ready, changed })]));

// People

function drawPeople() {
  $("people-list").replaceChildren(...Object.entries(KINDS).flatMap(([channel, kind]) => [
    element("h2", {}, kind.title),
    ...state.people.filter((person) => person.channel === channel).map(drawPerson),
  ]));
}

function drawPerson(person) {
  const initials = person.name.split(" ").map((part) => part[0]).slice(0, 2).join("");
  const shown = phones[person.channel].person === person;
  const button = element("button", { type: "button", onclick: () => choose(person) },
    element("span", { className: "face", ariaHidden: "true" }, initials),
    element("span", { className: "who" }, element("strong", {}, person.name), element("small", {}, person.about)));
  if (!shown && (state.seen.get(person.id) ?? person.seq) < person.seq) {
    button.append(element("span", { className: "unread", title: "pesan baru" }, "baru"));
  }
  if (shown) button.setAttribute("aria-current", "true");
  return button;
}

function changed(phone, shown) {
  for (const person of state.people) person.seq = shown.others[person.id] ?? person.seq;
  state.seen.set(phone.person.id, shown.seq);
  if (phone.kind === whatsapp) whatsappNews(phone, shown);
  drawPeople();
}

function choose(person) {
  const phone = phones[person.channel];
  if (phone.person !== person) phone.choose(person);
  takeUp(person.channel);
}

function takeUp(channel) {
  state.inHand = channel;
  for (const name of Object.keys(phones)) $(name).classList.toggle("in-hand", name === channel);
  location.hash = phones[channel].person.id;
  openPeople(false);
  drawPeople();
  markRead();
  phones[channel].part("text").focus();
}

function openPeople(open) {
  document.body.classList.toggle("choosing", open);
  for (const phone of Object.values(phones)) phone.part("menu").setAttribute("aria-expanded", String(open));
}

// What only WhatsApp has: what is seen becomes read, the window, a phone that is off

function whatsappNews(phone, shown) {
  $("power").textContent = shown.offline ? "Nyalakan telepon WhatsApp" : "Matikan telepon WhatsApp";
  const window = shown.window_open ? "jendela 24 jam terbuka" : "jendela 24 jam tertutup";
  phone.part("as").textContent = `${phone.person.name} · ${shown.offline ? "telepon mati" : window}`;
  phone.part("as").title = phone.person.about;
  state.unread = shown.messages.some((message) => message.from_business && message.tick === "delivered");
  markRead();
}

function markRead() {
  const looked = document.visibilityState === "visible" && $("whatsapp").checkVisibility();
  if (state.unread && looked) {
    state.unread = false;
    phones.whatsapp.act("read");
  }
}

document.addEventListener("visibilitychange", markRead);
$("close-window").addEventListener("click", () => phones.whatsapp.act("window"));
$("power").addEventListener("click", () => phones.whatsapp.act("power"));
$("kill").addEventListener("click", () => phones.telegram.post("kill", {}));

for (const phone of Object.values(phones)) {
  phone.part("menu").addEventListener("click", () => openPeople(!document.body.classList.contains("choosing")));
  phone.part("other").textContent = KINDS[phone.kind.other].title;
  phone.part("other").setAttribute("aria-label", `Ke telepon ${KINDS[phone.kind.other].title}`);
  phone.part("other").addEventListener("click", () => takeUp(phone.kind.other));
}
document.addEventListener("keydown", (event) => { if (event.key === "Escape") openPeople(false); });

const answer = await fetch("api/people");
state.people = (await answer.json()).people;
for (const person of state.people) state.seen.set(person.id, person.seq);
const wanted = state.people.find((person) => person.id === decodeURIComponent(location.hash.slice(1))) ?? state.people[0];
for (const [channel, phone] of Object.entries(phones)) {
  phone.choose(wanted.channel === channel ? wanted : state.people.find((person) => person.channel === channel));
}
takeUp(wanted.channel);
known();
