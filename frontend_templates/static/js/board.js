// Following a contest's board over a WebSocket, for pages and for the hall's screen.
// Every board is whole, so a missed version is healed by the next; a new socket is sent the
// newest at once, and while no socket can be had the JSON address is asked instead.

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15000;
const POLL = 10000;
const words = new TextDecoder();

/**
 * Follow `socketPath`. Calls `onMessage(object)` for each message that is newer than the last
 * of its kind, `onHeard()` for any sign of life and `onLost()` when the connection is gone.
 * `silence` (ms, optional): how long without a message counts as gone. `jsonPath` (optional):
 * where to fetch the board while there is no socket.
 */
export function follow(socketPath, { onMessage, onHeard, onLost, silence, jsonPath }) {
  const versions = new Map();
  let socket = null;
  let pause = FIRST_PAUSE;
  let retry = 0;
  let watchdog = 0;

  function take(message) {
    if (message.version !== undefined) {
      if (message.version <= (versions.get(message.kind) ?? 0)) return;
      versions.set(message.kind, message.version);
    }
    onMessage(message);
  }

  function heard() {
    onHeard?.();
    if (!silence) return;
    clearTimeout(watchdog);
    watchdog = setTimeout(lose, silence);
  }

  function lose() {
    clearTimeout(watchdog);
    clearTimeout(retry);
    if (socket) {
      socket.onclose = socket.onmessage = null;
      socket.close();
      socket = null;
    }
    onLost?.();
    // spread from at once to twice the pause, so that a restarted server is not met by every
    // watcher in one moment
    retry = setTimeout(open, pause * 2 * Math.random());
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  function open() {
    clearTimeout(retry);
    const address = new URL(socketPath, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const opened = new WebSocket(address);
    opened.binaryType = "arraybuffer";
    opened.onopen = () => { versions.clear(); heard(); };
    opened.onmessage = (event) => {
      pause = FIRST_PAUSE; // only now: a server in trouble may take sockets and drop them again
      take(JSON.parse(words.decode(event.data)));
      heard();
    };
    opened.onclose = lose;
    socket = opened;
    if (silence) watchdog = setTimeout(lose, silence);
  }

  async function poll() {
    if (socket?.readyState === WebSocket.OPEN || document.hidden) return;
    try {
      const answer = await fetch(jsonPath, { cache: "no-cache" });
      if (answer.ok) take(await answer.json());
    } catch { /* no network: the next poll tries again */ }
  }

  addEventListener("offline", lose);
  addEventListener("online", () => { pause = FIRST_PAUSE; if (!socket) open(); });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !socket) { pause = FIRST_PAUSE; open(); }
  });
  if (jsonPath) setInterval(poll, POLL);
  open();
}
