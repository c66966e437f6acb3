// The receipt page: copies the code, and shows the proof once a signed head covers the ballot.

const LOOKS = 10;
const SHORTEST = 1500;

function offerToCopy(button) {
  const place = document.querySelector("[data-receipt]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(place.dataset.receipt);
      button.textContent = button.dataset.done;
    } catch {
      // not allowed here: chosen, it can be copied by hand
      getSelection().selectAllChildren(place);
    }
  });
}

async function covered(section) {
  const head = await fetch(section.dataset.pending, { headers: { accept: "application/json" } });
  return head.ok && (await head.json()).size >= Number(section.dataset.sequence);
}

async function showProof() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["proof", "verify"]) {
    const fresh = page.getElementById(part);
    if (answer.ok && fresh) document.getElementById(part).replaceChildren(...fresh.childNodes);
  }
}

// The head is small and asked for often; the page, which is neither, once.
async function waitForProof(section) {
  for (let look = 0; look < LOOKS; look += 1) {
    await new Promise((resume) => setTimeout(resume, SHORTEST * (1 + Math.random())));
    if (await covered(section).catch(() => false)) return showProof();
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
