/* Marks on their way to the server. Every mark is written to the tablet's own storage first
   and leaves it only when the server has answered, so neither a dropped network nor a
   reloaded page loses one. Each saving has a number that only grows; the server keeps the
   highest, so a late retry cannot overwrite a newer mark. */

const RETRY = 2000;
const PATIENCE = 8000; // a network that swallows packets answers nothing at all

export class MarkQueue {
  /** `store` names this judge's place in the storage; `onChange(queue)` follows each change. */
  constructor(base, store, csrf, onChange) {
    Object.assign(this, { base, store, csrf, onChange });
    this.items = JSON.parse(localStorage.getItem(store) ?? "[]");
    this.last = Number(localStorage.getItem(`${store}-sequence`) ?? 0);
    this.offline = false;
    this.signedOut = false;
    this.sending = false;
    window.addEventListener("online", () => { this.offline = false; this.flush(); });
    window.addEventListener("offline", () => { this.offline = true; onChange(this); });
    setInterval(() => this.flush(), RETRY);
  }

  /** Never number a saving below what the server has already seen. */
  startAbove(sequence) {
    this.last = Math.max(this.last, sequence);
  }

  get waiting() {
    return this.items.filter((item) => !item.refused).length;
  }

  get refusals() {
    return this.items.filter((item) => item.refused);
  }

  pendingMarks(code, round) {
    return this.items.filter((item) => item.act === "mark" && item.code === code && item.round === round);
  }

  mark(code, round, criterion, value) {
    this.items = this.items.filter(
      (item) => !(item.act === "mark" && item.code === code && item.round === round && item.criterion === criterion),
    );
    this._add({ act: "mark", code, round, criterion, value });
  }

  submit(code, round) {
    this.items = this.items.filter((item) => !(item.act === "submit" && item.code === code && item.round === round));
    this._add({ act: "submit", code, round });
  }

  _add(item) {
    this.last = Math.max(this.last + 1, Date.now());
    localStorage.setItem(`${this.store}-sequence`, String(this.last));
    this.items.push({ ...item, sequence: this.last });
    this._keep();
    this.flush();
  }

  /** The host has this entrant open (again): what was refused may be tried once more, unless
      the entrant is settled on the sheet, where no mark has a place any longer. */
  reconsider({ code, round, status }) {
    const meant = (item) => item.refused && item.code === code && item.round === round;
    if (!this.items.some(meant)) return;
    if (status === "draft") for (const item of this.items.filter(meant)) delete item.refused;
    else this.items = this.items.filter((item) => !meant(item));
    this._keep();
    this.flush();
  }

  async flush() {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let item; (item = this.items.find((one) => !one.refused)); ) {
        if (!(await this._send(item))) break;
      }
    } finally {
      this.sending = false;
      this.onChange(this);
    }
  }

  /** Whether the server has answered for good, so that the next item may go. */
  async _send(item) {
    const place = `${this.base}/entrants/${encodeURIComponent(item.code)}`;
    const headers = { "content-type": "application/json", accept: "application/json", "x-csrftoken": this.csrf };
    const request =
      item.act === "mark"
        ? [`${place}/marks?sequence=${item.sequence}&round=${encodeURIComponent(item.round)}`, "PUT", { [item.criterion]: item.value }]
        : [`${place}/submit`, "POST", { round: item.round }];
    let answer;
    try {
      answer = await fetch(request[0], { method: request[1], headers, body: JSON.stringify(request[2]), signal: AbortSignal.timeout(PATIENCE) });
    } catch {
      this.offline = true;
      return false;
    }
    this.offline = answer.status >= 500;
    this.signedOut = answer.status === 401;
    if (this.offline || this.signedOut || answer.status === 429) return false;
    if (answer.ok) {
      this.items = this.items.filter((one) => one.sequence !== item.sequence);
    } else {
      const problem = await answer.json().catch(() => ({ title: String(answer.status) }));
      const words = [problem.title, ...(problem.errors ?? []).map((error) => error.message)];
      // without a word of why it would pass for not refused, and be sent again for ever
      item.refused = words.filter(Boolean).join("：") || String(answer.status);
      if (item.act === "submit") this.items = this.items.filter((one) => one !== item);
      this.lastRefusal = item;
    }
    this._keep();
    return true;
  }

  _keep() {
    localStorage.setItem(this.store, JSON.stringify(this.items));
    this.onChange(this);
  }
}
