/* Exact sums: marks are decimals with few places, so whole numbers of the smallest place add
   without the errors of binary fractions. */

const PLACES = 6;

function whole(text) {
  const [head, tail = ""] = text.replace("-", "").split(".");
  const size = BigInt(head + tail.slice(0, PLACES).padEnd(PLACES, "0"));
  return text.startsWith("-") ? -size : size;
}

/** The sum of mark × factor over pairs of decimals as text. A mark that is not given counts for
    nothing, and one whose factor is a fraction is left out: the server alone adds it. */
export function exactSum(pairs) {
  let sum = 0n;
  for (const [mark, factor] of pairs) {
    if (mark !== "" && !factor.includes("/")) sum += whole(mark) * whole(factor);
  }
  const digits = String(sum < 0n ? -sum : sum).padStart(2 * PLACES + 1, "0");
  const tail = digits.slice(-2 * PLACES).replace(/0+$/, "");
  return (sum < 0n ? "-" : "") + digits.slice(0, -2 * PLACES) + (tail ? `.${tail}` : "");
}
