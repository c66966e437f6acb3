// The receipt page: copies the code, and shows the proof once the signed head covers the ballot.

const LOOKS = 10;
const SECONDS = 2;

function offerToCopy(button) {
  const code = document.querySelector("[data-receipt]").dataset.receipt;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code);
    button.textContent = button.dataset.done;
  });
}

async function proofOf(page) {
  const answer = await fetch(page, { headers: { accept: "text/html" } });
  if (!answer.ok) return null;
  const shown = new DOMParser().parseFromString(await answer.text(), "text/html");
  return shown.querySelector("#proof:not([data-pending])");
}

async function waitForProof(section) {
  for (let look = 0; look < LOOKS; look += 1) {
    await new Promise((resume) => setTimeout(resume, SECONDS * 1000));
    const proof = await proofOf(location.href).catch(() => null);
    if (proof) return section.replaceChildren(...proof.childNodes);
  }
}

// "投票成功" is news once, not after a reload, nor to whom the address is sent
const address = new URL(location.href);
if (address.searchParams.has("cast")) {
  address.searchParams.delete("cast");
  history.replaceState(null, "", address);
}
const copies = document.querySelector("[data-copy]");
if (copies && navigator.clipboard) offerToCopy(copies);
const pending = document.querySelector("#proof[data-pending]");
if (pending) waitForProof(pending);
