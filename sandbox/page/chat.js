// The chat page: who is talking, what the phone shows, what is typed, tapped and sent.

import { bubble, day, element } from "./render.js";

const $ = (id) => document.getElementById(id);
const RETRY_MS = 1500;
const TOAST_MS = 4000;
const NEAR_END = 160; // pixels

const state = { person: null, people: [], seq: -1, seen: new Map(), drawn: new Map(), toasts: null, commands: [], run: 0, atEnd: true, replyTo: null };

let chosen;
const ready = new Promise((done) => { chosen = done; }); // what is typed before the page knows who speaks waits

async function act(path, body = {}) {
  await ready;
  await post(path, { person: state.person, ...body });
}

async function post(path, body) {
  const form = body instanceof FormData;
  const headers = form ? {} : { "Content-Type": "application/json" };
  const answer = await fetch(`api/${path}`, { method: "POST", headers, body: form ? body : JSON.stringify(body) });
  if (!answer.ok) tell("Belum terkirim. Periksa apakah ruang latihan masih berjalan.");
}

function tell(text) {
  $("notice").textContent = text;
  $("notice").hidden = !text;
}

// People

function drawPeople() {
  $("people-list").replaceChildren(...state.people.map((person) => {
    const initials = person.name.split(" ").map((part) => part[0]).slice(0, 2).join("");
    const unread = (state.seen.get(person.id) ?? person.seq) < person.seq && person.id !== state.person;
    const button = element("button", { type: "button", onclick: () => choose(person.id) },
      element("span", { className: "face", ariaHidden: "true" }, initials),
      element("span", { className: "who" }, element("strong", {}, person.name), element("small", {}, person.about)));
    if (unread) button.append(element("span", { className: "unread", title: "pesan baru" }, "baru"));
    if (person.id === state.person) button.setAttribute("aria-current", "true");
    return button;
  }));
}

function choose(id) {
  state.person = id;
  state.seq = -1;
  state.toasts = null;
  state.drawn.clear();
  reply(null);
  $("log").replaceChildren();
  location.hash = id;
  const person = state.people.find((one) => one.id === id);
  $("as").textContent = `sebagai ${person.name} · ${person.about}`;
  openPeople(false);
  drawPeople();
  listen(++state.run);
  $("text").focus();
}

function openPeople(open) {
  document.body.classList.toggle("choosing", open);
  $("menu").setAttribute("aria-expanded", String(open));
}

// The phone

async function listen(run) {
  while (run === state.run) {
    try {
      const answer = await fetch(`api/chat?person=${state.person}&after=${state.seq}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const phone = await answer.json();
      if (run !== state.run) return;
      if (phone.seq < state.seq) { state.drawn.clear(); $("log").replaceChildren(); }
      tell("");
      show(phone);
    } catch {
      tell("Ruang latihan sedang tidak terhubung. Halaman ini menyambung sendiri.");
      await new Promise((done) => setTimeout(done, RETRY_MS));
    }
  }
}

function show(phone) {
  const log = $("log");
  state.atEnd ||= log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
  state.seq = phone.seq;
  state.seen.set(state.person, phone.seq);
  for (const person of state.people) person.seq = phone.others[person.id] ?? person.seq;
  state.commands = phone.commands;
  offerCommands();
  for (const message of phone.messages) draw(log, message);
  replyKeys(phone.messages.at(-1));
  toasts(phone);
  drawPeople();
  if (!phone.messages.length) greet(log);
  if (state.atEnd) log.scrollTop = log.scrollHeight;
}

function greet(log) {
  if (log.childElementCount) return;
  const start = element("button", { type: "button", onclick: () => say("/start") }, "Mulai");
  log.append(element("div", { className: "empty" }, element("p", {}, "Belum ada percakapan."), start));
}

function draw(log, message) {
  log.querySelector(".empty")?.remove();
  const fresh = JSON.stringify(message);
  const before = state.drawn.get(message.message_id);
  if (before?.fresh === fresh) return;
  const made = bubble(message, tap, reply);
  if (before) before.box.replaceWith(made);
  else {
    const last = log.dataset.day;
    const today = new Date(message.at * 1000).toDateString();
    if (last !== today || !log.childElementCount) log.append(day(message));
    log.dataset.day = today;
    log.append(made);
  }
  state.drawn.set(message.message_id, { fresh, box: made });
}

function toasts(phone) {
  const known = state.toasts ?? phone.toast_count;
  if (phone.toast_count > known) {
    $("toast").textContent = phone.toasts.at(-1);
    $("toast").hidden = false;
    setTimeout(() => { $("toast").hidden = true; }, TOAST_MS);
  }
  state.toasts = phone.toast_count;
}

function replyKeys(last) {
  const box = $("reply-keys");
  const shown = last?.from_bot && ["phone", "location", "words"].includes(last.reply_keyboard);
  box.hidden = !shown;
  if (!shown) return;
  box.replaceChildren(...last.reply_labels.map((label, number) => {
    const shares = number === 0 && last.reply_keyboard !== "words";
    const answer = () => (shares ? act(last.reply_keyboard === "phone" ? "contact" : "location") : say(label));
    return element("button", { type: "button", onclick: answer }, label);
  }));
}

// What people do

function say(text) {
  if (!text.trim()) return;
  state.atEnd = true;
  act("say", { text, reply_to: state.replyTo });
  reply(null);
}

function reply(message) {
  state.replyTo = message?.message_id ?? null;
  $("text").placeholder = message ? `Membalas: ${message.text.slice(0, 40)}… (Esc: batal)` : "Tulis pesan…";
  if (message) $("text").focus();
}

function tap(message, data) {
  act("tap", { message, data });
}

async function sendFile(file) {
  await ready;
  const body = new FormData();
  body.append("person", state.person);
  body.append("kind", file.type.startsWith("image/") && confirm("Kirim sebagai foto?") ? "photo" : "document");
  body.append("file", file);
  post("send", body);
}

function submit() {
  say($("text").value);
  $("text").value = "";
  grow();
  offerCommands();
}

function grow() {
  const box = $("text");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
}

function offerCommands() {
  const typed = $("text").value;
  const fitting = typed.startsWith("/") && !typed.includes(" ")
    ? state.commands.filter((one) => one.command.startsWith(typed.slice(1))) : [];
  $("commands").hidden = !fitting.length;
  $("commands").replaceChildren(...fitting.map((one) => element("li", { role: "option" },
    element("button", { type: "button", onclick: () => { $("text").value = `/${one.command}`; submit(); } },
      element("strong", {}, `/${one.command}`), ` ${one.description}`))));
}

$("write").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  if (event.key === "Escape") { $("commands").hidden = true; reply(null); }
});
$("log").addEventListener("scroll", () => {
  const log = $("log");
  state.atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
});
$("log").addEventListener("load", () => { if (state.atEnd) $("log").scrollTop = $("log").scrollHeight; }, true); // a picture has come
$("text").addEventListener("input", () => { grow(); offerCommands(); });
$("attach").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", () => { for (const file of $("file").files) sendFile(file); $("file").value = ""; });
$("place").addEventListener("click", () => act("location"));
$("menu").addEventListener("click", () => openPeople(!document.body.classList.contains("choosing")));
$("kill").addEventListener("click", () => post("kill", {}));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") openPeople(false); });
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => { event.preventDefault(); for (const file of event.dataTransfer.files) sendFile(file); });

const answer = await fetch("api/people");
state.people = (await answer.json()).people;
for (const person of state.people) state.seen.set(person.id, person.seq);
const wanted = Number(location.hash.slice(1));
choose(state.people.some((one) => one.id === wanted) ? wanted : state.people[0].id);
chosen();
