// What the page asks of the sandbox: one long request that tells of every phone, and a post for each act.

const RETRY_MS = 1500;

export async function people() {
  return (await (await fetch("api/people")).json()).people;
}

let before = Promise.resolve(); // the last act

// Each act waits for the one before it: on connections of their own one could overtake the other.
// Gives whether it was carried out; nothing is thrown, for a phone goes on without a server.
export function post(channel, act, body) {
  before = before.then(() => carry(channel, act, body));
  return before;
}

async function carry(channel, act, body) {
  try {
    return (await fetch(`api/${channel}/${act}`, requestOf(body))).ok;
  } catch {
    return false;
  }
}

function requestOf(body) {
  if (body instanceof FormData) return { method: "POST", body };
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

export const fileAddress = (channel, id, { show = false } = {}) => `api/${channel}/file/${id}${show ? "?show=1" : ""}`;

// Wait while nobody looks: a browser has six connections to a server, and tabs behind others would hold them.
export function watched() {
  if (!document.hidden) return null;
  return new Promise((done) => {
    document.addEventListener("visibilitychange", function look() {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", look);
      done();
    });
  });
}

export class Live {
  constructor({ shown, arrived, lost }) {
    Object.assign(this, { shown, arrived, lost }); // the phones on the page; told the news; told of a cut
    this.run = "";
    this.rings = -1;
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.refresh(); });
  }

  // The set of phones has changed: ask anew.
  refresh() {
    this.cut?.abort();
  }

  async listen() {
    for (;;) {
      await watched();
      this.cut = new AbortController();
      try {
        const answer = await fetch(`api/look?${this.question()}`, { signal: this.cut.signal });
        if (!answer.ok) throw new Error(String(answer.status));
        this.take(await answer.json());
      } catch {
        if (this.cut.signal.aborted) continue;
        this.lost(true);
        await new Promise((done) => setTimeout(done, RETRY_MS));
      }
    }
  }

  question() {
    const asked = new URLSearchParams({ run: this.run, after: this.rings });
    for (const phone of this.shown()) asked.append("phone", `${phone.person.id}:${phone.seq}`);
    return asked;
  }

  take(news) {
    const anew = Boolean(this.run) && news.run !== this.run;
    this.run = news.run;
    this.rings = news.rings;
    this.lost(false);
    this.arrived(news, { anew });
  }
}
