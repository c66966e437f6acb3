// A form marked data-autosave saves itself two seconds after the last key, files aside.
const form = document.querySelector("form[data-autosave]");
const status = document.querySelector("[data-autosave-status]");
let timer;

async function save() {
  const fields = new FormData(form);
  for (const input of form.querySelectorAll("input[type=file]")) fields.delete(input.name);
  fields.set("action", "save");
  let saved = false;
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: fields, headers: { Accept: "application/json" }, redirect: "error",
    });
    saved = answer.ok;
  } catch { /* offline: the sentence below says so */ }
  status.textContent = saved ? status.dataset.saved : status.dataset.failed;
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(save, 2000);
});
form.addEventListener("submit", () => clearTimeout(timer));
