/* Keeps the host's page fresh. While the host types or has a question open, it waits. */
import { fetchPart, followRoom } from "./judge_room.js";

const room = document.getElementById("room");
let seen = null;
let stale = false;

const busy = () =>
  room.querySelector("details[open]") !== null || room.querySelector("input:focus, select:focus") !== null;

async function refresh() {
  if (busy()) {
    stale = true;
    return;
  }
  stale = false;
  const part = await fetchPart(room.dataset.base);
  if (part !== null && !busy()) room.innerHTML = part;
}

followRoom(room.dataset.base, (state) => {
  const text = JSON.stringify(state);
  if (seen !== null && text !== seen) refresh();
  seen = text;
});
setInterval(() => stale && refresh(), 1000);
