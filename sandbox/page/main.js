// Begins the page: who there is, their phones, and the one request that tells of them all.

import { Deck } from "./deck.js";
import { Live, people } from "./server.js";
import "./theme.js";

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

const deck = new Deck(await knownPeople(), () => live.refresh());
const live = new Live({
  shown: () => deck.phones,
  arrived: (news, how) => deck.show(news, how),
  lost: (lost) => { cut.hidden = !lost; },
});
deck.start();
live.listen();
