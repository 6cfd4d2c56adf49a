// The words of the page, in the language that was chosen. The server brings them before anything is
// drawn; no module waits for them at its top, for WebKit never ends loading one that several import.

const RETRY_MS = 1000;
const listeners = [];
let texts = {};
export let language = localStorage.getItem("language") === "en" ? "en" : "id";

// Fill a text's places with what belongs there.
export function fill(text, parameters) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => parameters[name] ?? whole);
}

// Say something of the phones; `all` has the words of panel and tour too.
export const say = (key, parameters = {}) => fill(texts[`phones.${key}`], parameters);
export const all = () => texts;

// Be told when the page speaks another language.
export function onSpoken(told) {
  listeners.push(told);
}

export async function speak(chosen) {
  language = chosen;
  localStorage.setItem("language", chosen);
  texts = await load();
  document.documentElement.lang = chosen;
  label(document);
  for (const told of listeners) told();
}

async function load() {
  for (;;) {
    try {
      const answer = await fetch(`api/panel/words?lang=${language}`);
      if (answer.ok) return await answer.json();
    } catch {
      // the sandbox is starting
    }
    await new Promise((done) => setTimeout(done, RETRY_MS));
  }
}

// What stands in the markup names its words.
export function label(root) {
  for (const part of root.querySelectorAll("[data-say]")) part.textContent = say(part.dataset.say);
  for (const part of root.querySelectorAll("[data-title]")) part.title = say(part.dataset.title);
  for (const part of root.querySelectorAll("[data-placeholder]")) part.placeholder = say(part.dataset.placeholder);
  for (const part of root.querySelectorAll("[data-label]")) {
    part.setAttribute("aria-label", say(part.dataset.label));
    if (part.matches("button")) part.title = say(part.dataset.label);
  }
}
