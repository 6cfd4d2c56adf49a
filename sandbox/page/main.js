// Begins the page: its words, who there is, their phones, and the one request that tells of them all.

import { Deck } from "./deck.js";
import { Panel } from "./panel.js";
import { Live, people } from "./server.js";
import "./theme.js";
import { language, speak } from "./words.js";

const cut = document.getElementById("cut");

async function knownPeople() {
  for (;;) {
    try {
      return await people();
    } catch {
      cut.hidden = false;
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

async function begin() {
  await speak(language);
  new Panel().begin();
  const deck = new Deck(await knownPeople(), () => live.refresh());
  const live = new Live({
    shown: () => deck.phones,
    arrived: (news, how) => deck.show(news, how),
    lost: (lost) => { cut.hidden = !lost; },
  });
  deck.start();
  live.listen();
}

begin();
