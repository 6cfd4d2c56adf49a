// The people of the regency in a sheet: by channel, with what they have not read, and a field to look for one.

import { badge, element, face } from "./elements.js";
import { openSheet, row } from "./sheet.js";
import { language, say } from "./words.js";

const TITLES = { telegram: "Telegram", whatsapp: "WhatsApp" };
const MANY = 12; // people from which a field to look for one helps

export const aboutOf = (person) => (language === "en" ? person.about_en : person.about);

// `channel` leaves only the people of one platform; `chosen` is told the person.
export function choosePerson(deck, { title, chosen, channel = null, over = null }) {
  const rows = Object.entries(TITLES).filter(([name]) => !channel || name === channel).flatMap(([name, heading]) => {
    const people = deck.people.filter((person) => person.channel === name);
    return [element("h3", {}, heading), ...people.map((person) => drawPerson(deck, person, chosen))];
  });
  const search = element("input", { type: "search", placeholder: say("search"), autocomplete: "off" });
  search.setAttribute("aria-label", say("search_people"));
  search.addEventListener("input", () => filter(rows, search.value.toLocaleLowerCase(language)));
  openSheet(title, [...(rows.length > MANY ? [search] : []), ...rows], { over });
}

function filter(rows, asked) {
  for (const shown of rows) {
    if (shown.matches("button")) shown.hidden = !shown.textContent.toLocaleLowerCase(language).includes(asked);
  }
}

function drawPerson(deck, person, chosen) {
  const unread = deck.unread[person.id] ?? 0;
  const made = row(person.name, () => chosen(person), {
    note: aboutOf(person), lead: face(person.name, person.channel), after: unread ? badge(unread) : null,
  });
  if (deck.shows(person)) made.querySelector("strong").append(element("span", { className: "open" }, ` · ${say("open")}`));
  return made;
}
