// Rows that change places glide there (FLIP): measure, reorder, move back, let go.

const still = matchMedia("(prefers-reduced-motion: reduce)");
const DURATION = 300;

export const motionless = () => still.matches;

/** Run `reorder`, which may add, move and remove children of `list`; then glide. */
export function glide(list, reorder) {
  if (still.matches) { reorder(); return; }
  const before = new Map([...list.children].map((row) => [row, row.getBoundingClientRect()]));
  reorder();
  for (const row of list.children) {
    const old = before.get(row);
    if (!old) {
      row.animate([{ opacity: 0 }, { opacity: 1 }], { duration: DURATION });
      continue;
    }
    const now = row.getBoundingClientRect();
    const [dx, dy] = [old.left - now.left, old.top - now.top];
    if (!dx && !dy) continue;
    row.animate(
      [{ transform: `translate(${dx}px, ${dy}px)` }, { transform: "none" }],
      { duration: DURATION, easing: "cubic-bezier(.2, 0, 0, 1)" },
    );
  }
}

/** Count from the number shown to `target`. */
export function tick(element, target, write) {
  const from = Number(element.dataset.value ?? target);
  element.dataset.value = target;
  if (still.matches || from === target || document.hidden) { element.textContent = write(target); return; }
  const start = performance.now();
  function frame(now) {
    if (Number(element.dataset.value) !== target) return;
    const part = Math.min((now - start) / DURATION, 1);
    element.textContent = write(Math.round(from + (target - from) * part));
    if (part < 1) requestAnimationFrame(frame);
  }
  requestAnimationFrame(frame);
}
