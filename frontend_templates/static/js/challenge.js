// Solves the challenge inside a form in a worker, then sends the form by itself: the person has
// already pressed its button once. ALTCHA's protocol, version 1.

function utf8ToBase64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function solve(box) {
  const form = box.closest("form");
  const status = box.querySelector("[role=status]");
  const puzzle = JSON.parse(box.dataset.challenge);
  let working = false;
  const fail = () => {
    working = false;
    status.textContent = status.dataset.failed;
    const spoken = box.querySelector("details");
    if (spoken) spoken.open = true;
  };
  if (!window.Worker) return fail();
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
  // who chose to listen is not interrupted by the solution
  box.querySelector("details")?.addEventListener("toggle", (event) => {
    if (event.target.open && working) {
      working = false;
      worker.terminate();
      status.textContent = "";
    }
  });
}

for (const box of document.querySelectorAll("[data-challenge]")) solve(box);
