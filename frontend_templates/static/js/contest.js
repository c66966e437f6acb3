// The contest page without waiting: filter while typing, count what is chosen.
// Both also work without this file, as a search request and on the ballot's page.
const form = document.querySelector("[data-ballot]");
const search = form.querySelector("[data-search]");
const cards = [...form.querySelectorAll("[data-key]")];
const found = form.querySelector("[data-found]");
const counter = form.querySelector("[data-chosen]");
const whole = !search.value;

function plain(text) {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
}

if (whole) {
  search.addEventListener("input", () => {
    const wanted = plain(search.value);
    for (const card of cards) card.hidden = !plain(card.dataset.key).includes(wanted);
    const n = cards.filter((card) => !card.hidden).length;
    found.textContent = wanted ? form.dataset.foundWords.replace("{n}", n) : "";
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

if (counter) {
  const most = Number(form.dataset.most);
  const boxes = [...form.querySelectorAll("input[type=checkbox][name=entry]")];
  const elsewhere = form.querySelectorAll("input[type=hidden][name=entry]").length;
  const send = form.querySelector(".sticky-bar .button");
  const update = () => {
    const n = elsewhere + boxes.filter((box) => box.checked).length;
    counter.textContent = form.dataset.chosenWords.replace("{n}", n);
    for (const box of boxes) box.disabled = !box.checked && n >= most;
    send.disabled = n < Number(form.dataset.least);
  };
  form.addEventListener("change", update);
  window.addEventListener("pageshow", update);
}
