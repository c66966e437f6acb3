// News of the room by socket, and by asking while there is none.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { answer, Clock, settled, STATIC } from "./support.js";

const { fetchPart, followRoom } = await import(`${STATIC}/judge_room.js`);

let clock;
let sockets;
let asked;
let told;

beforeEach(() => {
  clock = new Clock();
  [sockets, asked, told] = [[], [], []];
  globalThis.location = { protocol: "http:", host: "127.0.0.1:8000" };
  globalThis.WebSocket = class {
    constructor(address) {
      this.address = address;
      sockets.push(this);
    }
  };
  globalThis.fetch = async (address) => (asked.push(address), answer(200, { asked: asked.length }));
  followRoom("/judge/one", (state) => told.push(state));
});

test("what the socket says is told", () => {
  assert.equal(sockets[0].address, "ws://127.0.0.1:8000/judge/one/ws");
  sockets[0].onmessage({ data: '{"current":null}' });
  assert.deepEqual(told, [{ current: null }]);
});

test("while there is no socket the state is asked for every three seconds", async () => {
  sockets[0].onclose();
  clock.tick(3000);
  await settled();
  assert.deepEqual([asked, told], [["/judge/one/state"], [{ asked: 1 }]]);
  sockets[1].onopen();
  clock.tick(9000);
  await settled();
  assert.equal(asked.length, 1);
});

test("asking is begun once, however often the socket fails, and pauses grow to fifteen seconds", async () => {
  const found = [];
  for (let n = 0; n < 6; n += 1) {
    sockets.at(-1).onclose();
    const before = sockets.length;
    let waited = 0;
    for (; sockets.length === before; waited += 500) clock.tick(500);
    found.push(waited);
  }
  assert.deepEqual(found, [1000, 2000, 4000, 8000, 15000, 15000]);
  await settled();
  assert.equal(asked.length, Math.floor(45_000 / 3000));
});

test("a part is taken only from a page of this session", async () => {
  const part = (headers, rest = {}) => {
    globalThis.fetch = async () => ({ ...answer(200, "<p>"), headers: new Map(headers), redirected: false, ...rest });
    return fetchPart("/judge/one");
  };
  assert.equal(await part([]), "<p>");
  assert.equal(await part([["x-sign-in", "1"]]), null);
  assert.equal(await part([], { redirected: true }), null);
  assert.equal(await part([], { ok: false }), null);
  globalThis.fetch = async () => { throw new TypeError("no network"); };
  assert.equal(await fetchPart("/judge/one"), null);
});
