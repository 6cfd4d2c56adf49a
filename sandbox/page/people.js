// The people of the regency in a sheet: by channel, with what they have not read, and a field to look for one.

import { badge, element, face } from "./elements.js";
import { openSheet, row } from "./sheet.js";

const TITLES = { telegram: "Telegram", whatsapp: "WhatsApp" };
const MANY = 12; // people from which a field to look for one helps

// `channel` leaves only the people of one platform; `chosen` is told the person.
export function choosePerson(deck, { title, chosen, channel = null, over = null }) {
  const rows = Object.entries(TITLES).filter(([name]) => !channel || name === channel).flatMap(([name, heading]) => {
    const people = deck.people.filter((person) => person.channel === name);
    return [element("h3", {}, heading), ...people.map((person) => drawPerson(deck, person, chosen))];
  });
  const search = element("input", { type: "search", placeholder: "Cari nama atau dinas…", aria: { label: "Cari orang" }, autocomplete: "off" });
  search.addEventListener("input", () => filter(rows, search.value.toLocaleLowerCase("id")));
  openSheet(title, [...(rows.length > MANY ? [search] : []), ...rows], { over });
}

function filter(rows, asked) {
  for (const shown of rows) {
    if (shown.matches("button")) shown.hidden = !shown.textContent.toLocaleLowerCase("id").includes(asked);
  }
}

function drawPerson(deck, person, chosen) {
  const unread = deck.unread[person.id] ?? 0;
  const made = row(person.name, () => chosen(person), {
    note: person.about, lead: face(person.name, person.channel), after: unread ? badge(unread) : null,
  });
  if (deck.shows(person)) made.classList.add("open");
  return made;
}
