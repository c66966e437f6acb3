// Stand-ins for the little of a browser that the scripts touch.

export const STATIC = "../../frontend_templates/static/js";

/** A script whose work begins with its import, begun anew. */
let times = 0;
export const begin = (name) => import(`${STATIC}/${name}?${(times += 1)}`);

/** Let every promise that is settled by now tell those who wait for it. */
export async function settled() {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

/** Something that listens: `say` calls what was registered for an event. */
export class Listener {
  #heard = new Map();

  addEventListener(event, act) {
    this.#heard.set(event, [...(this.#heard.get(event) ?? []), act]);
  }

  say(event, told = {}) {
    for (const act of this.#heard.get(event) ?? []) act(told);
  }
}

export class Storage {
  #kept = new Map();

  getItem(name) {
    return this.#kept.get(name) ?? null;
  }

  setItem(name, value) {
    this.#kept.set(name, value);
  }
}

/** An answer of fetch. */
export const answer = (status, body = {}) => ({
  status,
  ok: status >= 200 && status < 300,
  json: async () => body,
  text: async () => String(body),
});

/** Time that stands still until the test lets it go on. */
export class Clock {
  #timers = new Map();
  #number = 0;

  constructor(now = 0) {
    this.now = now;
    Date.now = () => this.now;
    globalThis.setTimeout = (act, after = 0) => this.#add(act, after, 0);
    globalThis.setInterval = (act, every) => this.#add(act, every, every);
    globalThis.clearTimeout = globalThis.clearInterval = (number) => this.#timers.delete(number);
  }

  #add(act, after, every) {
    this.#number += 1;
    this.#timers.set(this.#number, { act, at: this.now + after, every });
    return this.#number;
  }

  /** Let so many milliseconds pass, and do what is due in them, each at its time. */
  tick(milliseconds) {
    const until = this.now + milliseconds;
    for (;;) {
      const due = [...this.#timers].filter(([, one]) => one.at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [number, timer] = due;
      this.now = timer.at;
      if (timer.every) timer.at += timer.every;
      else this.#timers.delete(number);
      timer.act();
    }
    this.now = until;
  }
}
