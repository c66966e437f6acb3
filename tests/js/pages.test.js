// Scripts that begin with their page: the countdown, the ballot's counter, the receipt, the puzzle.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { beforeEach, mock, test } from "node:test";

import { answer, begin, Clock, Listener, settled } from "./support.js";

let time;

beforeEach(() => mock.restoreAll());

// ---- countdown.js

async function countdown(left, { phoneAhead = 0 } = {}) {
  const now = Date.parse("2026-03-02T01:00:00Z");
  time = new Clock(now + phoneAhead);
  mock.method(Math, "random", () => 0);
  const clock = {
    dataset: { now: new Date(now).toISOString(), units: "天,小时,分,秒" },
    dateTime: new Date(now + left * 1000).toISOString(),
  };
  globalThis.document = { querySelectorAll: () => [clock] };
  globalThis.location = { reload: mock.fn() };
  await begin("countdown.js");
  time.tick(1000);
  return clock.textContent;
}

for (const [left, words] of [
  [2 * 86400 + 3 * 3600 + 1, "2 天 3 小时"],
  [2 * 86400 + 1, "2 天"],
  [3600 + 60 + 1, "1 小时 1 分"],
  [3600 + 31, "1 小时"],
  [62, "1 分 1 秒"],
  [61, "1 分 0 秒"],
  [31, "30 秒"],
  [1, "0 秒"],
]) {
  test(`${left} seconds before its end the countdown shows ${words} a second later`, async () => {
    assert.equal(await countdown(left), words);
  });
}

test("the server's clock counts, not the phone's", async () => {
  assert.equal(await countdown(62, { phoneAhead: 3_600_000 }), "1 分 1 秒");
});

test("at the end the page is loaded again, once and not by all at one moment", async () => {
  await countdown(2);
  time.tick(1000);
  assert.equal(location.reload.mock.callCount(), 0);
  time.tick(1000);
  assert.equal(location.reload.mock.callCount(), 1);
  time.tick(60_000);
  assert.equal(location.reload.mock.callCount(), 1);
});

// ---- contest.js

function ballot({ elsewhere = 0, query = "" } = {}) {
  const cards = ["001 江小满", "002 Ｌｉ Ｌｉ"].map((key) => ({ dataset: { key }, hidden: false }));
  const boxes = cards.map(() => ({ checked: false, disabled: false }));
  const parts = {
    "[data-search]": Object.assign(new Listener(), { value: query }),
    "[data-found]": { textContent: "" },
    "[data-chosen]": { textContent: "" },
    ".sticky-bar .button": { disabled: false },
  };
  const form = Object.assign(new Listener(), {
    dataset: { foundWords: "找到 {n} 位", chosenWords: "已选 {n}/2", most: "2", least: "1" },
    querySelector: (selector) => parts[selector],
    querySelectorAll: (selector) =>
      selector === "[data-key]" ? cards : selector.includes("checkbox") ? boxes : { length: elsewhere },
  });
  globalThis.document = { querySelector: () => form };
  globalThis.window = new Listener();
  return { form, cards, boxes, search: parts["[data-search]"], found: parts["[data-found]"], counter: parts["[data-chosen]"], send: parts[".sticky-bar .button"] };
}

test("the search takes wide letters, capitals and spaces for what they mean", async () => {
  const { cards, search, found } = ballot();
  await begin("contest.js");
  search.value = "lili";
  search.say("input");
  assert.deepEqual([cards.map((one) => one.hidden), found.textContent], [[true, false], "找到 1 位"]);
  search.value = "";
  search.say("input");
  assert.deepEqual([cards.map((one) => one.hidden), found.textContent], [[false, false], ""]);
});

test("Enter in the search does not send the ballot", async () => {
  const { search } = ballot();
  await begin("contest.js");
  const preventDefault = mock.fn();
  search.say("keydown", { key: "Enter", preventDefault });
  search.say("keydown", { key: "a", preventDefault });
  assert.equal(preventDefault.mock.callCount(), 1);
});

test("what is chosen is counted; the last place shuts the rest, too few shut the button", async () => {
  const { form, boxes, counter, send } = ballot();
  await begin("contest.js");
  window.say("pageshow");
  assert.deepEqual([counter.textContent, send.disabled], ["已选 0/2", true]);
  boxes[0].checked = true;
  form.say("change");
  assert.deepEqual([counter.textContent, send.disabled, boxes[1].disabled], ["已选 1/2", false, false]);
});

test("what was ticked before a search counts although it is not in sight", async () => {
  const { form, boxes, counter } = ballot({ elsewhere: 1, query: "江" });
  await begin("contest.js");
  boxes[0].checked = true;
  form.say("change");
  assert.deepEqual([counter.textContent, boxes[0].disabled, boxes[1].disabled], ["已选 2/2", false, true]);
});

// ---- receipt.js

function receipt({ address = "https://vote.example/receipts/X", pending = null, sequence = "7" } = {}) {
  const section = pending && { dataset: { pending, sequence } };
  globalThis.location = { href: address };
  globalThis.history = { replaceState: mock.fn() };
  globalThis.document = {
    querySelector: (selector) => (selector.startsWith("#proof") ? section : null),
    getElementById: (id) => places[id],
  };
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  const places = { proof: { replaceChildren: mock.fn() }, verify: { replaceChildren: mock.fn() } };
  return places;
}

test("the news of a vote is told once and leaves the address", async () => {
  receipt({ address: "https://vote.example/receipts/X?cast=1&elder=1" });
  await begin("receipt.js");
  assert.equal(String(history.replaceState.mock.calls[0].arguments[2]), "https://vote.example/receipts/X?elder=1");
});

test("an address without news is left alone", async () => {
  receipt();
  await begin("receipt.js");
  assert.equal(history.replaceState.mock.callCount(), 0);
});

test("the proof is fetched once, when a head covers the ballot, whatever failed before", async () => {
  time = new Clock();
  mock.method(Math, "random", () => 0);
  const places = receipt({ pending: "/c/one/log/head" });
  const heads = [answer(200, { size: 6 }), answer(503), new TypeError("no network"), answer(200, { size: 7 })];
  const asked = [];
  globalThis.fetch = async (address) => {
    asked.push(address);
    if (address !== "/c/one/log/head") return answer(200, "<section id=proof>");
    const next = heads.shift();
    if (next instanceof Error) throw next;
    return next;
  };
  globalThis.DOMParser = class {
    parseFromString() {
      return { getElementById: (id) => (id === "proof" ? { childNodes: ["a proof"] } : null) };
    }
  };
  await begin("receipt.js");
  for (let look = 0; look < 6; look += 1) {
    time.tick(1500);
    await settled();
  }
  assert.deepEqual(asked, [...Array(4).fill("/c/one/log/head"), "https://vote.example/receipts/X"]);
  assert.deepEqual(places.proof.replaceChildren.mock.calls[0].arguments, ["a proof"]);
  assert.equal(places.verify.replaceChildren.mock.callCount(), 0);
});

test("a head that never comes is asked for ten times and no more", async () => {
  time = new Clock();
  receipt({ pending: "/c/one/log/head" });
  let asked = 0;
  globalThis.fetch = async () => { asked += 1; return answer(200, { size: 0 }); };
  await begin("receipt.js");
  for (let look = 0; look < 20; look += 1) {
    time.tick(3000);
    await settled();
  }
  assert.equal(asked, 10);
});

// ---- challenge_worker.js

const sha256 = (text) => createHash("sha256").update(text).digest("hex");

async function solved(puzzle) {
  const told = [];
  globalThis.self = { postMessage: (number) => told.push(number) };
  await begin("challenge_worker.js");
  self.onmessage({ data: puzzle });
  return told;
}

for (const length of [1, 51, 52, 55, 56, 63, 64, 119, 120, 200]) {
  test(`the puzzle with a salt of ${length} letters is solved, where padding begins anew too`, async () => {
    const salt = "盐a".repeat(length).slice(0, length);
    assert.deepEqual(await solved({ salt, challenge: sha256(`${salt}4217`), maxNumber: 5000 }), [4217]);
  });
}

test("the first and the last number are looked at, and what is not among them is not made up", async () => {
  assert.deepEqual(await solved({ salt: "s", challenge: sha256("s0"), maxNumber: 9 }), [0]);
  assert.deepEqual(await solved({ salt: "s", challenge: sha256("s9"), maxNumber: 9 }), [9]);
  assert.deepEqual(await solved({ salt: "s", challenge: sha256("s10"), maxNumber: 9 }), [null]);
});
