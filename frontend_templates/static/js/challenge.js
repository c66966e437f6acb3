// Solves the challenge inside a form in a worker, then sends the form by itself: the person has
// already pressed its button once. ALTCHA's protocol, version 1.

function utf8ToBase64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function solve(box) {
  const form = box.closest("form");
  const status = box.querySelector("[role=status]");
  const puzzle = JSON.parse(box.dataset.challenge);
  const spoken = box.querySelector("details");
  let working = false;
  box.querySelector("[data-without-script]").remove();
  const fail = () => {
    working = false;
    status.textContent = status.dataset.failed;
    if (spoken) spoken.open = true;
  };
  if (!window.Worker) return fail();
  // who listens already, goes on listening
  if (spoken && "chosen" in spoken.dataset) return;
  if (spoken) spoken.open = false;
  status.textContent = status.dataset.working;
  working = true;
  const worker = new Worker(box.dataset.worker);
  worker.onerror = fail;
  worker.onmessage = ({ data: number }) => {
    worker.terminate();
    if (!working) return;
    if (number === null) return fail();
    const { algorithm, challenge, salt, signature } = puzzle;
    form.elements.altcha.value = utf8ToBase64(
      JSON.stringify({ algorithm, challenge, number, salt, signature }),
    );
    status.textContent = status.dataset.done;
    form.requestSubmit();
  };
  worker.postMessage(puzzle);
  // a form sent before the solution is there would only bring another challenge
  form.addEventListener("submit", (event) => {
    if (!working || form.elements.altcha.value) return;
    event.preventDefault();
    status.textContent = status.dataset.still;
  });
  // who chose to listen is not interrupted by the solution
  spoken?.addEventListener("toggle", () => {
    if (spoken.open && working) {
      working = false;
      worker.terminate();
      status.textContent = "";
    }
  });
}

for (const box of document.querySelectorAll("[data-challenge]")) solve(box);
