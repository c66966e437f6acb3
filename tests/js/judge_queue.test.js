// Marks on their way: none lost, none overtaken, none sent twice at once.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { answer, Clock, Listener, settled, STATIC, Storage } from "./support.js";

const { MarkQueue } = await import(`${STATIC}/judge_queue.js`);

let clock;
let sent;
let answers;
let network;

beforeEach(() => {
  clock = new Clock(1000);
  globalThis.localStorage = new Storage();
  globalThis.window = network = new Listener();
  sent = [];
  answers = [];
  globalThis.fetch = async (address, request) => {
    sent.push([request.method, address, JSON.parse(request.body)]);
    const next = answers.shift() ?? answer(200);
    if (next instanceof Error) throw next;
    return next;
  };
});

const queue = (onChange = () => {}) => new MarkQueue("/judge/c", "judge-1", "token", onChange);

test("a mark is sent with its number and forgotten once it is kept", async () => {
  const marks = queue();
  marks.mark("001", "1", "content", "20");
  assert.equal(marks.waiting, 1);
  await settled();
  assert.deepEqual(sent, [["PUT", "/judge/c/entrants/001/marks?sequence=1000&round=1", { content: "20" }]]);
  assert.equal(marks.waiting, 0);
  assert.equal(localStorage.getItem("judge-1"), "[]");
});

test("numbers only grow, whatever the clock of the tablet does", async () => {
  const marks = queue();
  marks.startAbove(5000);
  marks.mark("001", "1", "content", "20");
  marks.mark("001", "1", "conduct", "21");
  marks.startAbove(10);
  marks.mark("001", "1", "influence", "22");
  await settled();
  const numbers = sent.map(([, address]) => Number(/sequence=(\d+)/.exec(address)[1]));
  assert.deepEqual(numbers, [5001, 5002, 5003]);
});

test("what a reload interrupts is sent by the next page, in its order and with its number", async () => {
  globalThis.fetch = () => new Promise(() => {});
  const before = queue();
  before.mark("001", "1", "content", "20");
  before.submit("001", "1");
  sent = [];
  globalThis.fetch = async (address) => (sent.push(address), answer(200));
  const after = queue();
  assert.equal(after.waiting, 2);
  clock.tick(2000);
  await settled();
  assert.deepEqual(sent, ["/judge/c/entrants/001/marks?sequence=1000&round=1", "/judge/c/entrants/001/submit"]);
  assert.equal(after.waiting, 0);
  after.mark("002", "1", "content", "1");
  await settled();
  assert.match(sent.at(-1), /sequence=3000/);
});

test("a newer mark of the same criterion takes the older one's place, another's does not", () => {
  globalThis.fetch = () => new Promise(() => {});
  const marks = queue();
  for (const value of ["1", "2"]) marks.mark("001", "1", "content", value);
  marks.mark("001", "1", "conduct", "3");
  marks.mark("002", "1", "content", "4");
  marks.mark("001", "2", "content", "5");
  assert.deepEqual(marks.items.map((one) => one.value), ["2", "3", "4", "5"]);
  assert.deepEqual(marks.pendingMarks("001", "1").map((one) => one.value), ["2", "3"]);
});

test("without a network marks wait, and go when it is back", async () => {
  answers = [new TypeError("no network")];
  const marks = queue();
  marks.mark("001", "1", "content", "20");
  await settled();
  assert.deepEqual([marks.offline, marks.waiting], [true, 1]);
  network.say("online");
  await settled();
  assert.deepEqual([marks.offline, marks.waiting, sent.length], [false, 0, 2]);
});

for (const [status, offline, signedOut] of [[503, true, false], [401, false, true], [429, false, false]]) {
  test(`an answer of ${status} keeps the mark for the next try`, async () => {
    answers = [answer(status)];
    const marks = queue();
    marks.mark("001", "1", "content", "20");
    await settled();
    assert.deepEqual([marks.offline, marks.signedOut, marks.waiting], [offline, signedOut, 1]);
    clock.tick(2000);
    await settled();
    assert.deepEqual([marks.offline, marks.signedOut, marks.waiting], [false, false, 0]);
  });
}

test("one request is under way at a time", async () => {
  const open = [];
  globalThis.fetch = (address) => new Promise((resolve) => open.push([address, resolve]));
  const marks = queue();
  marks.mark("001", "1", "content", "20");
  marks.mark("001", "1", "conduct", "21");
  clock.tick(10_000);
  await settled();
  assert.equal(open.length, 1);
  open[0][1](answer(200));
  await settled();
  assert.equal(open.length, 2);
});

test("a mark changed while its forerunner is under way is sent after it", async () => {
  const open = [];
  globalThis.fetch = (_address, request) => new Promise((resolve) => open.push([JSON.parse(request.body), resolve]));
  const marks = queue();
  marks.mark("001", "1", "content", "20");
  marks.mark("001", "1", "content", "25");
  open[0][1](answer(200));
  await settled();
  assert.deepEqual(open.map(([body]) => body), [{ content: "20" }, { content: "25" }]);
  assert.equal(marks.waiting, 1, "the newer one has no answer yet");
});

test("a refused mark stays, says why, and holds up no other", async () => {
  answers = [answer(409, { title: "已关闭", errors: [{ message: "请等主持人" }] })];
  const marks = queue();
  marks.mark("001", "1", "content", "20");
  marks.mark("002", "1", "content", "21");
  await settled();
  assert.deepEqual(marks.refusals.map((one) => [one.code, one.refused]), [["001", "已关闭：请等主持人"]]);
  assert.deepEqual([marks.waiting, sent.length], [0, 2]);
});

for (const [what, json] of [
  ["no JSON", async () => { throw new SyntaxError("no JSON"); }],
  ["no words", async () => ({})],
]) {
  test(`a refusal with ${what} is told by its status, and not sent for ever`, async () => {
    answers = [{ ...answer(400), json }];
    const marks = queue();
    marks.mark("001", "1", "content", "20");
    await settled();
    assert.deepEqual([marks.refusals[0].refused, sent.length], ["400", 1]);
  });
}

test("a refused submission is told and not tried again", async () => {
  answers = [answer(422, { title: "还有未评项" })];
  const marks = queue();
  marks.submit("001", "1");
  await settled();
  assert.deepEqual([marks.items, marks.lastRefusal.refused], [[], "还有未评项"]);
});

test("what was refused is tried again when the host opens the entrant, or dropped when it is settled", async () => {
  answers = [answer(409), answer(409)];
  const marks = queue();
  marks.mark("001", "1", "content", "20");
  marks.mark("002", "1", "content", "21");
  await settled();
  assert.equal(marks.refusals.length, 2);
  marks.reconsider({ code: "001", round: "1", status: "draft" });
  marks.reconsider({ code: "002", round: "1", status: "submitted" });
  await settled();
  assert.deepEqual(marks.items, []);
  assert.deepEqual(sent.slice(2).map(([, , body]) => body), [{ content: "20" }]);
});

test("codes and rounds are put into the address so that none can change it", async () => {
  queue().mark("a/b", "x&y", "content", "1");
  await settled();
  assert.equal(sent[0][1], "/judge/c/entrants/a%2Fb/marks?sequence=1000&round=x%26y");
});
