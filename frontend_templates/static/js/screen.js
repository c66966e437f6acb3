// The hall's screen: draws what arrives and keeps the last picture when nothing does.

import { follow } from "./board.js";
import { glide, motionless, tick } from "./glide.js";

const SILENCE = 9000;
const MOST_ROWS = 20;
const HEADINGS = { votes: "headingVotes", composite: "headingComposite", code: "headingCode" };
const PAGE_TIME = 12000;
const TOLD_LINES = 13;
const MOVED_SHOWN = 8000;
const ONE_ROW = 5; // judges whose marks stand in one row at full size
const BESIDE_TOLD = 9; // judges whose marks of several criteria leave room for what was told
const SHORTEST = 4; // characters of a mark below which it is written no larger

const by = (id) => document.getElementById(id);
const hall = by("hall");
const say = by("words").dataset;
const number = new Intl.NumberFormat("zh-CN");
const clockTime = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
// a quiet board says its time once a minute: with seconds it would look as if it stood still
const minuteTime = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const dayTime = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

let ahead = Number(hall.dataset.now) - Date.now();
let board = null;
let show = JSON.parse(hall.dataset.show);
let pageShown = 0;
let ranks = new Map();

const serverNow = () => Date.now() + ahead;

function clone(name) {
  return by(`${name}-template`).content.firstElementChild.cloneNode(true);
}

function field(element, name) {
  return element.querySelector(`[data-f="${name}"]`);
}

function put(element, values) {
  for (const [name, value] of Object.entries(values)) field(element, name).textContent = value ?? "";
  return element;
}

// ---- the board

function drawRow(element, row) {
  const was = ranks.get(row.entrant);
  element.classList.toggle("row-line--top", row.rank !== null && row.rank <= 3);
  put(element, { rank: row.rank ?? "·", code: row.code, name: row.name });
  const counted = field(element, "figure");
  const votes = row.composite === null && row.valid !== null;
  if (votes) tick(counted, row.valid, (n) => number.format(n));
  else counted.textContent = row.composite ?? "";
  field(element, "unit").textContent = votes ? say.unitVotes : row.composite === null ? "" : say.unitComposite;
  if (was !== undefined && was !== null && row.rank !== null && was !== row.rank) {
    const moved = field(element, "moved");
    moved.textContent = was > row.rank ? `▲${was - row.rank}` : `▼${row.rank - was}`;
    moved.classList.toggle("row-line__moved--up", was > row.rank);
    clearTimeout(moved.timer);
    moved.timer = setTimeout(() => { moved.textContent = ""; }, MOVED_SHOWN);
  }
}

function drawRows() {
  pageShown %= pagesOf();
  const perPage = rowsAPage();
  const shown = board.rows.slice(pageShown * perPage, (pageShown + 1) * perPage);
  const list = by("rows");
  const there = new Map([...list.children].map((element) => [Number(element.dataset.entrant), element]));
  glide(list, () => {
    list.replaceChildren(...shown.map((row) => {
      const element = there.get(row.entrant) ?? clone("row");
      element.dataset.entrant = row.entrant;
      drawRow(element, row);
      return element;
    }));
  });
  ranks = new Map(board.rows.map((row) => [row.entrant, row.rank]));
  drawFoot();
}

/** What has to be known of the figures in sight. */
function drawFoot() {
  const onBoard = show.mode === "board";
  const card = show.stage?.spotlight;
  const struck = card && card.panels.length > 1 && card.panels.some((one) => one.marks.some((mark) => mark.dropped));
  by("foot-note").textContent = onBoard && board ? note() : struck ? say.struck : "";
  by("foot-as-of").textContent = onBoard && board?.counts_as_of
    ? `${say.asOf} ${minuteTime.format(new Date(board.counts_as_of))}` : "";
}

const pagesOf = () => Math.max(Math.ceil(board.rows.length / MOST_ROWS), 1);
/** Pages alike in length, so that the last is not a page of two rows. */
const rowsAPage = () => Math.ceil(board.rows.length / pagesOf());

function note() {
  const said = [];
  const pages = pagesOf();
  if (board.basis === "code") said.push(board.next_counts_at ? say.daily : say.hidden);
  if (board.next_counts_at && !board.frozen) said.push(`${say.next} ${dayTime.format(new Date(board.next_counts_at))}`);
  if (pages > 1) said.push(say.page.replace("{page}", pageShown + 1).replace("{pages}", pages));
  return said.join("　");
}

function drawBoard() {
  if (!board) return;
  by("empty").hidden = board.rows.length > 0;
  by("frozen").hidden = !board.frozen;
  by("heading").textContent = board.rows.length ? say[HEADINGS[board.basis]] : "";
  const totals = board.totals;
  by("sum").replaceChildren(...(totals ? [
    [say.votes, totals.valid], [say.review, totals.under_review], [say.void, totals.void],
  ] : []).map(([name, value]) => {
    const item = document.createElement("span");
    const value_ = document.createElement("b");
    value_.textContent = number.format(value);
    item.append(name, " ", value_, " ", say.unitVotes);
    return item;
  }));
  drawRows();
  drawProvisional();
}

// ---- the reveal

function drawMark(one, order, brief) {
  const element = put(clone("mark"), {
    judge: (brief ? say.seat : say.judge).replace("{n}", one.judge),
    value: one.value || say[one.status],
    note: one.dropped === "high" ? say.high : one.dropped === "low" ? say.low : "",
  });
  element.classList.toggle("mark--dropped", one.dropped !== "");
  element.classList.toggle("mark--none", one.value === "");
  element.style.setProperty("--order", order);
  return element;
}

function drawPanels(panels) {
  const box = by("panels");
  const key = JSON.stringify(panels);
  if (box.dataset.key === key) return; // already told: going on must not tell it again
  box.dataset.key = key;
  const many = panels.length > 1;
  const most = Math.max(0, ...panels.map((panel) => panel.marks.length));
  const rows = many || most <= ONE_ROW ? 1 : 2;
  const columns = Math.ceil(most / rows);
  const chars = Math.max(SHORTEST, ...panels.flatMap((panel) => panel.marks.map((one) => one.value.length)));
  box.classList.toggle("spot__panels--many", many);
  box.classList.toggle("spot__panels--broad", many && columns > BESIDE_TOLD);
  box.classList.toggle("spot__panels--two", rows === 2);
  box.classList.toggle("spot__panels--four", rows === 2 && columns <= 4);
  box.replaceChildren(...panels.map((panel) => {
    const element = put(clone("panel"), { name: panel.name, value: panel.value });
    element.style.setProperty("--columns", columns);
    element.style.setProperty("--chars", chars);
    element.style.setProperty("--count", panel.marks.length);
    field(element, "marks").replaceChildren(...panel.marks.map((one, order) => drawMark(one, order, many)));
    return element;
  }));
}

function drawPhoto(card) {
  const photo = by("spot-photo");
  photo.hidden = !card.photo;
  if (card.photo) photo.src = hall.dataset.files + card.photo;
}

function drawSpot(stage) {
  const card = stage.spotlight;
  by("spot").hidden = !card;
  if (!card) { by("panels").dataset.key = ""; return; }
  const spot = by("spot");
  spot.dataset.beat = stage.beat;
  if (spot.dataset.entrant !== String(card.entrant)) {
    spot.dataset.entrant = card.entrant;
    if (!motionless()) spot.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 300 });
  }
  drawPhoto(card);
  by("spot-heading").textContent = card.heading || card.awards.join(" · ");
  by("spot-code").textContent = card.code;
  by("spot-name").textContent = card.name;
  by("spot-from").textContent = card.township;
  by("spot-summary").textContent = card.summary;
  by("spot-rank").hidden = card.rank === null;
  if (card.rank !== null) by("spot-rank-words").textContent = say.rank.replace("{rank}", card.rank);
  by("spot-rank").classList.toggle("spot__rank--top", card.rank !== null && card.rank <= 3);
  drawPanels(card.panels);
  by("spot-sum").hidden = stage.beat === "card";
  by("spot-sum").classList.toggle("spot__sum--untold", card.total === null);
  by("total").textContent = card.total ?? "";
  by("total-name").textContent = show.mode === "card" ? say.expert : say.total;
  by("parts").replaceChildren(...card.parts.map((one) => put(clone("part"), {
    name: one.name, sum: `${one.value} × ${one.weight}% = ${one.contribution}`,
  })));
}

function drawTold(stage) {
  by("told-panel").hidden = show.mode === "card" || stage.step === 0;
  by("told-count").textContent = `${stage.told.length} / ${stage.places}`;
  const latest = stage.spotlight && stage.spotlight.rank !== null ? stage.spotlight.entrant : null;
  const list = by("told");
  const there = new Map([...list.children].map((element) => [element.dataset.key, element]));
  glide(list, () => {
    list.replaceChildren(...stage.told.slice(0, TOLD_LINES).map((card) => {
      const key = `${card.heading}/${card.entrant}`;
      const element = there.get(key) ?? clone("told");
      element.dataset.key = key;
      element.classList.toggle("told__line--now", card.entrant === latest);
      element.classList.toggle("told__line--top", card.rank <= 3);
      return put(element, { rank: card.rank, name: card.name, total: card.total });
    }));
  });
}

function drawStage(stage) {
  by("intro").hidden = stage.step > 0;
  by("intro-sub").textContent = say.places.replace("{n}", stage.places);
  by("view-stage").classList.toggle("stage--alone", show.mode === "card");
  by("view-stage").classList.toggle("stage--intro", stage.step === 0);
  drawTold(stage);
  drawSpot(stage);
}

function drawShow() {
  hall.dataset.mode = show.mode;
  by("view-board").hidden = show.mode !== "board";
  by("view-blank").hidden = show.mode !== "blank";
  by("view-stage").hidden = !show.stage;
  if (show.stage) drawStage(show.stage);
  drawFoot();
  drawProvisional();
}

/** A board says for itself whether it is certified; so does the result being told. */
function drawProvisional() {
  const told = show.stage ? show : board ?? show;
  const provisional = told.provisional ?? true;
  by("provisional").hidden = by("watermark").hidden = !provisional;
  fitTitle(); // the badges share its line
}

function drawClock() {
  by("clock").hidden = false;
  by("clock").textContent = clockTime.format(serverNow());
}

/** A title too long for its line is written smaller, not cut. */
function fitTitle() {
  const title = by("title");
  title.style.setProperty("--fit", 1);
  title.style.setProperty("--fit", Math.min(1, title.clientWidth / title.scrollWidth));
}

// ---- the line to the server

const draw = {
  board(message) { board = message; drawBoard(); },
  show(message) { show = message; drawShow(); },
  beat(message) { ahead = new Date(message.now) - Date.now(); },
};

drawShow();
follow(hall.dataset.socket, {
  silence: SILENCE,
  jsonPath: hall.dataset.json,
  onMessage(message) { draw[message.kind](message); },
  onHeard() { by("lost").hidden = true; },
  onLost() { by("lost").hidden = false; }, // which time is shown, the foot says already
});

drawClock();
fitTitle();
document.fonts.ready.then(fitTitle);
setInterval(drawClock, 1000);
setInterval(() => { if (board && board.rows.length > MOST_ROWS) { pageShown += 1; drawRows(); } }, PAGE_TIME);
