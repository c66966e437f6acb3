/* What the host's room and the judges' tablets share: news of the room by WebSocket, and by
   asking every few seconds while the socket is down. */

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;
const ASK_EVERY = 3000;

/** Call `onState` with the newest state whenever it changes; `base` is the page's own path. */
export function followRoom(base, onState) {
  let wait = FIRST_WAIT;
  let asking = null;

  const ask = async () => {
    try {
      const answer = await fetch(`${base}/state`, { headers: { accept: "application/json" } });
      if (answer.ok) onState(await answer.json());
    } catch {
      /* no network: the socket and the next question try again */
    }
  };

  const connect = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}${base}/ws`);
    socket.onopen = () => {
      wait = FIRST_WAIT;
      clearInterval(asking);
      asking = null;
    };
    socket.onmessage = (message) => onState(JSON.parse(message.data));
    socket.onclose = () => {
      asking ??= setInterval(ask, ASK_EVERY);
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  };

  connect();
}

/** Fetch the page's changing part; null when the network or the session is gone. */
export async function fetchPart(address) {
  try {
    const answer = await fetch(address, { headers: { "x-fragment": "true", accept: "text/html" } });
    if (!answer.ok || answer.headers.has("x-sign-in") || answer.redirected) return null;
    return await answer.text();
  } catch {
    return null;
  }
}
