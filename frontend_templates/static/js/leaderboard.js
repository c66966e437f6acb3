// Keeps the counts of a contest's pages up to date, and lets the rows of a ranking glide.
import { follow } from "./board.js";
import { glide, tick } from "./glide.js";
import { beijing, short } from "./short_words.js";

const main = document.querySelector("[data-board]");
const list = document.querySelector("[data-ranking]");

function find(root, name, code) {
  return root.querySelector(`[${name}="${CSS.escape(code)}"]`);
}

function showTotals(board) {
  for (const name of ["valid", "under_review", "void"]) {
    const place = main.querySelector(`[data-total="${name}"]`);
    if (place && board.totals) tick(place, board.totals[name], short);
  }
  const time = main.querySelector(".as-of time");
  if (time && board.counts_as_of) {
    time.dateTime = board.counts_as_of;
    time.textContent = beijing(board.counts_as_of);
  }
}

function showCounts(board) {
  for (const row of board.rows) {
    const place = find(main, "data-count", row.code);
    if (place && row.valid !== null) tick(place, row.valid, short);
  }
}

function notCounted(row) {
  const parts = [[list.dataset.review, row.under_review], [list.dataset.void, row.void]];
  return parts.filter(([, n]) => n).map(([words, n]) => words.replace("{n}", short(n))).join(" · ");
}

function fill(item, row, most) {
  item.querySelector("[data-rank]").textContent = row.rank ?? "–";
  if (row.valid !== null) tick(item.querySelector("[data-valid]"), row.valid, short);
  item.querySelector("[data-not-counted]").textContent = notCounted(row);
  item.querySelector("[data-bar]").setAttribute("width", Math.round(((row.valid ?? 0) * 1000) / most));
  item.classList.toggle("ranking__row--top", row.rank !== null && row.rank <= 3);
}

function showRanking(board) {
  const items = board.rows.map((row) => find(list, "data-code", row.code));
  if (items.includes(null) || items.length !== list.children.length) { location.reload(); return; }
  const most = Math.max(1, ...board.rows.map((row) => row.valid ?? 0));
  glide(list, () => board.rows.forEach((row, place) => {
    fill(items[place], row, most);
    list.append(items[place]);
  }));
}

follow(main.dataset.boardSocket, {
  jsonPath: main.dataset.board,
  onMessage(board) {
    if (board.kind !== "board" || board.totals === null) return;
    showTotals(board);
    if (list) showRanking(board); else showCounts(board);
  },
});
