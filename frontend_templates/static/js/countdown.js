// Lets a countdown go on after the page was sent. The server's clock counts, not the phone's.
const clocks = document.querySelectorAll("[data-countdown]");

function words(milliseconds, units) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const first = parts.findIndex((part) => part > 0);
  const from = first === -1 ? 3 : first;
  const until = from < 2 && parts[from + 1] === 0 ? from + 1 : from + 2;
  return parts.slice(from, until).map((part, i) => `${part} ${units[from + i]}`).join(" ");
}

for (const clock of clocks) {
  const ahead = new Date(clock.dataset.now) - Date.now();
  const end = new Date(clock.dateTime);
  const units = clock.dataset.units.split(",");
  const timer = setInterval(() => {
    const left = end - Date.now() - ahead;
    clock.textContent = words(left, units);
    if (left <= 0) {
      clearInterval(timer);
      // everybody's countdown ends in the same second: come back spread over ten
      setTimeout(() => location.reload(), 1000 + Math.random() * 9000);
    }
  }, 1000);
}
