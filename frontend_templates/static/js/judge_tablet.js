/* The judge's tablet: number pad, steps, slider, running total, and what the host opens.
   The form underneath works without any of this. */
import { exactSum } from "./exact_sum.js";
import { MarkQueue } from "./judge_queue.js";
import { fetchPart, followRoom } from "./judge_room.js";

const tablet = document.getElementById("tablet");
const words = tablet.dataset;
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const queue = new MarkQueue(words.base, words.store, words.csrf, show);
let active = null;
let fresh = false; // the next digit begins a new number
let wanted = null; // the newest state, until the page shows it

const desk = () => tablet.querySelector(".tablet__desk");
const marks = () => [...tablet.querySelectorAll("[data-mark]")];
const inputOf = (mark) => mark.querySelector(".mark__input");

function show() {
  const line = tablet.querySelector("[data-saved-state]");
  const n = queue.waiting;
  const wrong = tablet.querySelectorAll(".mark--wrong").length;
  line.dataset.tone = queue.signedOut || queue.offline || wrong ? "bad" : n ? "waiting" : "good";
  line.textContent = queue.signedOut
    ? words.signedOut
    : queue.offline
      ? fill(words.offline, { n })
      : wrong
        ? fill(words.wrong, { n: wrong })
        : n
          ? fill(words.waiting, { n })
          : words.saved;
  showRefusals();
  if (wanted && !n) settle();
}

function showRefusals() {
  const box = tablet.querySelector("[data-refusals]");
  const lines = new Map();
  for (const item of queue.refusals) {
    const [n] = lines.get(item.code) ?? [0];
    lines.set(item.code, [n + 1, item.refused]);
  }
  const sentences = [...lines].map(([code, [n, why]]) => fill(words.refused, { code, n }) + why);
  if (queue.lastRefusal?.act === "submit") sentences.push(queue.lastRefusal.refused);
  box.className = sentences.length ? "notice notice--bad" : "";
  box.replaceChildren(
    ...sentences.map((sentence) => Object.assign(document.createElement("p"), { textContent: sentence })),
  );
}

function total() {
  const given = marks().map((mark) => [inputOf(mark).value, mark.dataset.factor]);
  return exactSum(given);
}

function problemOf(input) {
  if (input.value === "") return input.validity.badInput ? input.validationMessage : "";
  const { rangeOverflow, rangeUnderflow, stepMismatch, badInput } = input.validity;
  if (!(rangeOverflow || rangeUnderflow || stepMismatch || badInput)) return "";
  return fill(words.range, { low: input.min, high: input.max, step: input.step });
}

function changed(mark, { save = true } = {}) {
  const input = inputOf(mark);
  const problem = problemOf(input);
  mark.classList.toggle("mark--wrong", problem !== "");
  mark.querySelector(".mark__error").textContent = problem;
  if (input.value !== "") mark.querySelector(".mark__slider").value = input.value;
  tablet.querySelector("[data-total]").textContent = total();
  if (save && problem === "") queue.mark(desk().dataset.code, desk().dataset.round, mark.dataset.mark, input.value);
  else show();
}

function activate(mark) {
  active = mark;
  fresh = true;
  delete inputOf(mark).dataset.typed;
  for (const one of marks()) one.classList.toggle("mark--active", one === mark);
  tablet.querySelector("[data-pad-for]").textContent = mark.querySelector(".mark__name").textContent;
}

function press(key) {
  if (!active) return;
  const input = inputOf(active);
  if (key === "next") {
    const all = marks();
    activate(all[(all.indexOf(active) + 1) % all.length]);
    return;
  }
  // a number field drops a trailing point, so what is being typed is kept beside it
  let typed = fresh && key !== "back" ? "" : (input.dataset.typed ?? input.value);
  if (key === "back") typed = typed.slice(0, -1);
  else if (!(key === "." && typed.includes("."))) typed += key;
  fresh = false;
  input.dataset.typed = typed;
  input.value = typed.replace(/\.$/, "");
  changed(active);
}

function step(mark, direction) {
  const input = inputOf(mark);
  if (input.value === "") input.value = input.min;
  else if (input.step === "any") input.value = String(Number(input.value) + direction);
  else if (direction > 0) input.stepUp();
  else input.stepDown();
  changed(mark);
}

function dress() {
  tablet.classList.add("tablet--live");
  const form = tablet.querySelector("#marks");
  if (!form) return show();
  queue.startAbove(Number(desk().dataset.sequence));
  form.noValidate = true;
  tablet.querySelector("[data-pad]").hidden = false;
  for (const mark of marks()) {
    const input = inputOf(mark);
    input.inputMode = "none"; // our own pad, not the screen keyboard
    input.addEventListener("focus", () => activate(mark));
    input.addEventListener("input", () => changed(mark));
    const slider = mark.querySelector(".mark__slider");
    slider.hidden = false;
    slider.addEventListener("input", () => {
      input.value = slider.value;
      activate(mark);
      changed(mark, { save: false });
    });
    slider.addEventListener("change", () => changed(mark));
    for (const button of mark.querySelectorAll(".mark__step")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        step(mark, Number(button.dataset.step));
        activate(mark);
      });
    }
  }
  for (const item of queue.pendingMarks(desk().dataset.code, desk().dataset.round)) {
    const mark = marks().find((one) => one.dataset.mark === item.criterion);
    if (mark) {
      inputOf(mark).value = item.value;
      changed(mark, { save: false });
    }
  }
  for (const key of tablet.querySelectorAll("[data-key]")) key.addEventListener("click", () => press(key.dataset.key));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    queue.lastRefusal = null;
    // what stands in the field was not saved: handing in now would hand in the mark before it
    const wrong = tablet.querySelector(".mark--wrong");
    if (wrong) return activate(wrong);
    queue.submit(desk().dataset.code, desk().dataset.round);
  });
  activate(marks()[0]);
  show();
}

const shown = () => {
  const now = desk();
  return now ? `${now.dataset.round}/${now.dataset.code}/${now.dataset.status}` : "";
};
const named = (current) => (current ? `${current.round}/${current.code}/${current.status}` : "");

/** Put the newest state on the page; marks that are still on their way go first. */
async function settle() {
  const state = wanted;
  const key = JSON.stringify([named(state.current), state.to_sign, state.phase, state.settled, state.sheets]);
  if (key === tablet.dataset.shown && shown() === named(state.current)) {
    wanted = null;
    return;
  }
  const part = await fetchPart(words.base);
  if (part === null || wanted !== state || queue.waiting) return;
  wanted = null;
  tablet.dataset.shown = key;
  if (shown() === named(state.current) && desk()?.dataset.status === "draft") return;
  tablet.innerHTML = part;
  active = null;
  dress();
}

/* Acts that are not queued wait for the network: leaving the page without one would put the
   browser's own error page before the judge. */
tablet.addEventListener("submit", (event) => {
  if (event.target.id === "marks" || (navigator.onLine && !queue.offline)) return;
  event.preventDefault();
  queue.flush();
});

dress();
followRoom(words.base, (state) => {
  wanted = state;
  if (state.current) {
    queue.startAbove(state.current.sequence);
    queue.reconsider(state.current);
  }
  if (!queue.waiting || shown() !== named(state.current)) settle();
});
