// Following a board: never backwards, and back again after whatever the network does.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { answer, Clock, Listener, settled, STATIC } from "./support.js";

const { follow } = await import(`${STATIC}/board.js`);

let clock;
let sockets;
let here;

class Socket {
  static OPEN = 1;

  constructor(address) {
    this.address = String(address);
    this.readyState = 0;
    sockets.push(this);
  }

  greet() {
    this.readyState = Socket.OPEN;
    this.onopen();
  }

  send(message) {
    this.onmessage({ data: new TextEncoder().encode(JSON.stringify(message)) });
  }

  drop() {
    this.readyState = 3;
    this.onclose?.();
  }

  close() {
    this.closed = true;
    this.drop();
  }
}

beforeEach(() => {
  clock = new Clock();
  mock.method(Math, "random", () => 0.5); // a pause of exactly its length
  sockets = [];
  here = new Listener();
  globalThis.WebSocket = Socket;
  globalThis.location = { href: "https://vote.example/c/one/ranking" };
  globalThis.document = Object.assign(new Listener(), { hidden: false });
  globalThis.addEventListener = here.addEventListener.bind(here);
});

function watch(options = {}) {
  const seen = [];
  const life = { heard: 0, lost: 0 };
  follow("/c/one/board/ws", {
    onMessage: (message) => seen.push(message),
    onHeard: () => { life.heard += 1; },
    onLost: () => { life.lost += 1; },
    ...options,
  });
  return { seen, life };
}

const board = (version, kind = "board") => ({ kind, version });

test("the socket is at the page's own host, as safe as the page", () => {
  watch();
  assert.equal(sockets[0].address, "wss://vote.example/c/one/board/ws");
});

test("an older or repeated version is not shown; each kind counts for itself", () => {
  const { seen } = watch();
  sockets[0].greet();
  for (const one of [board(3), board(3), board(2), board(1, "show"), board(4)]) sockets[0].send(one);
  assert.deepEqual(seen, [board(3), board(1, "show"), board(4)]);
});

test("what has no version is always told", () => {
  const { seen } = watch();
  sockets[0].greet();
  for (let n = 0; n < 2; n += 1) sockets[0].send({ kind: "beat" });
  assert.equal(seen.length, 2);
});

test("a new socket may begin lower: the server may have been set up anew", () => {
  const { seen } = watch();
  sockets[0].greet();
  sockets[0].send(board(9));
  sockets[0].drop();
  clock.tick(1000);
  sockets[1].greet();
  sockets[1].send(board(2));
  assert.deepEqual(seen, [board(9), board(2)]);
});

test("pauses double up to fifteen seconds, and a message, not a greeting, makes them short again", () => {
  watch();
  const pauses = () => {
    const before = sockets.length;
    for (let waited = 500; ; waited += 500) {
      clock.tick(500);
      if (sockets.length > before) return waited;
    }
  };
  const found = [];
  for (let n = 0; n < 6; n += 1) {
    sockets.at(-1).greet();
    sockets.at(-1).drop();
    found.push(pauses());
  }
  assert.deepEqual(found, [1000, 2000, 4000, 8000, 15000, 15000]);
  sockets.at(-1).greet();
  sockets.at(-1).send(board(1));
  sockets.at(-1).drop();
  assert.equal(pauses(), 1000);
});

test("pauses are spread from at once to twice their length", () => {
  watch();
  mock.method(Math, "random", () => 0.999);
  sockets[0].drop();
  clock.tick(1990);
  assert.equal(sockets.length, 1);
  clock.tick(10);
  assert.equal(sockets.length, 2);
});

test("silence counts as gone, and every sign of life puts it off", () => {
  const { life } = watch({ silence: 9000 });
  sockets[0].greet();
  clock.tick(8999);
  sockets[0].send({ kind: "beat" });
  clock.tick(8999);
  assert.deepEqual([life.lost, life.heard], [0, 2]);
  clock.tick(1);
  assert.equal(life.lost, 1);
  assert.ok(sockets[0].closed);
  clock.tick(1000);
  assert.equal(sockets.length, 2);
});

test("a socket that never opens is given up as well", () => {
  const { life } = watch({ silence: 9000 });
  clock.tick(9000);
  assert.equal(life.lost, 1);
});

test("a network that is back is dialled at once, once", () => {
  watch();
  here.say("offline");
  assert.ok(sockets[0].closed);
  here.say("online");
  here.say("online");
  clock.tick(60_000);
  assert.equal(sockets.length, 2);
});

test("a page that is looked at again dials at once if it has no socket", () => {
  watch();
  document.say("visibilitychange");
  assert.equal(sockets.length, 1);
  sockets[0].drop();
  document.hidden = true;
  document.say("visibilitychange");
  assert.equal(sockets.length, 1);
  document.hidden = false;
  document.say("visibilitychange");
  assert.equal(sockets.length, 2);
});

test("while there is no socket the board is asked for, and not shown twice when one is there", async () => {
  const asked = [];
  globalThis.fetch = async (address) => (asked.push(address), answer(200, board(5)));
  const { seen } = watch({ jsonPath: "/c/one/board.json" });
  clock.tick(10_000);
  await settled();
  assert.deepEqual([asked, seen], [["/c/one/board.json"], [board(5)]]);
  sockets[0].greet();
  clock.tick(10_000);
  await settled();
  assert.equal(asked.length, 1);
});

test("a page nobody looks at asks for nothing, and a failed question is no trouble", async () => {
  let asked = 0;
  globalThis.fetch = async () => { asked += 1; throw new TypeError("no network"); };
  const { seen } = watch({ jsonPath: "/c/one/board.json" });
  document.hidden = true;
  clock.tick(10_000);
  document.hidden = false;
  clock.tick(10_000);
  await settled();
  assert.deepEqual([asked, seen], [1, []]);
});
