// Counts and moments as the pages write them.

// 9,999, 1.2万, 3.4亿: cut, not rounded, as core.numbers.short_count
export function short(n) {
  for (const [unit, name] of [[1e8, "亿"], [1e4, "万"]]) {
    if (n >= unit) return `${Math.floor(n / (unit / 10)) / 10}${name}`;
  }
  return n.toLocaleString("en-US");
}

export function beijing(moment) {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Date(moment).toLocaleString("sv-SE", { ...parts, timeZone: "Asia/Shanghai" });
}
