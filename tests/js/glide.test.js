// Rows that glide from where they were, and numbers that count to where they go.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { STATIC } from "./support.js";

const still = { matches: false };
globalThis.matchMedia = () => still;
const { glide, motionless, tick } = await import(`${STATIC}/glide.js`);

let frames;

beforeEach(() => {
  still.matches = false;
  frames = [];
  globalThis.document = { hidden: false };
  globalThis.performance = { now: () => 0 };
  globalThis.requestAnimationFrame = (frame) => frames.push(frame);
});

function row(top) {
  const one = { top, left: 0, moved: [] };
  one.getBoundingClientRect = () => ({ top: one.top, left: one.left });
  one.animate = (keyframes, how) => one.moved.push([keyframes, how.duration]);
  return one;
}

function play(at) {
  for (const frame of frames.splice(0)) frame(at);
}

test("a row that moved begins where it stood and ends where it is", () => {
  const [first, second, third] = [row(0), row(40), row(80)];
  glide({ children: [first, second, third] }, () => { [first.top, second.top] = [40, 0]; });
  assert.deepEqual(first.moved, [[[{ transform: "translate(0px, -40px)" }, { transform: "none" }], 300]]);
  assert.deepEqual(second.moved, [[[{ transform: "translate(0px, 40px)" }, { transform: "none" }], 300]]);
  assert.deepEqual(third.moved, []);
});

test("a row that was not there appears", () => {
  const list = { children: [row(0)] };
  const fresh = row(40);
  glide(list, () => list.children.push(fresh));
  assert.deepEqual(fresh.moved, [[[{ opacity: 0 }, { opacity: 1 }], 300]]);
});

test("who wants no motion gets the new order and none of it", () => {
  still.matches = true;
  const one = row(0);
  glide({ children: [one] }, () => { one.top = 40; });
  assert.deepEqual([motionless(), one.top, one.moved], [true, 40, []]);
});

const element = (value) => ({ dataset: value === undefined ? {} : { value: String(value) }, textContent: "" });
const write = (n) => `${n} 票`;

test("a number is first shown as it is", () => {
  const place = element();
  tick(place, 7, write);
  assert.deepEqual([place.textContent, place.dataset.value, frames.length], ["7 票", 7, 0]);
});

test("it counts from the number shown and ends exactly at the new one", () => {
  const place = element(100);
  tick(place, 200, write);
  const shown = [0, 150, 299, 300, 400].map((at) => (play(at), place.textContent));
  assert.deepEqual(shown, ["100 票", "150 票", "200 票", "200 票", "200 票"]);
  assert.equal(frames.length, 0);
});

test("a newer target takes over, and the older one is never shown again", () => {
  const place = element(0);
  tick(place, 10, write);
  tick(place, 20, write);
  play(300);
  play(600);
  assert.equal(place.textContent, "20 票");
  assert.equal(frames.length, 0);
});

for (const [why, arrange] of [
  ["who wants no motion", () => { still.matches = true; }],
  ["a page nobody looks at", () => { document.hidden = true; }],
]) {
  test(`${why} gets the number at once`, () => {
    arrange();
    const place = element(1);
    tick(place, 9, write);
    assert.deepEqual([place.textContent, frames.length], ["9 票", 0]);
  });
}
