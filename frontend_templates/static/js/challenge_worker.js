// Finds the number whose SHA-256 with the salt is the challenge. FIPS 180-4 by hand: the
// browser's own digest answers by promise, which costs ten times the hash itself.

const K = new Uint32Array(64);
const START = new Uint32Array(8);

(function constants() {
  let found = 0;
  for (let n = 2; found < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) START[found] = (Math.sqrt(n) % 1) * 2 ** 32;
    K[found] = (Math.cbrt(n) % 1) * 2 ** 32;
    found += 1;
  }
})();

const W = new Uint32Array(64);

function compress(H) {
  for (let t = 16; t < 64; t += 1) {
    const x = W[t - 15];
    const y = W[t - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[t] = W[t - 16] + s0 + W[t - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = H;
  for (let t = 0; t < 64; t += 1) {
    const S1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + S1 + ((e & f) ^ (~e & g)) + K[t] + W[t]) | 0;
    const S0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (S0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  H[0] += a; H[1] += b; H[2] += c; H[3] += d; H[4] += e; H[5] += f; H[6] += g; H[7] += h;
}

/** SHA-256 of `bytes[0..length)`, as eight words; `block` is room for the padded message. */
function digest(bytes, length, H) {
  H.set(START);
  const blocks = Math.ceil((length + 9) / 64);
  for (let block = 0; block < blocks; block += 1) {
    for (let word = 0; word < 16; word += 1) {
      let value = 0;
      for (let place = 0; place < 4; place += 1) {
        const at = block * 64 + word * 4 + place;
        let byte = 0;
        if (at < length) byte = bytes[at];
        else if (at === length) byte = 0x80;
        value = (value << 8) | byte;
      }
      W[word] = value;
    }
    if (block === blocks - 1) W[15] = length * 8;
    compress(H);
  }
}

function hex(H) {
  return Array.from(H, (word) => word.toString(16).padStart(8, "0")).join("");
}

function search({ challenge, salt, maxNumber }) {
  const prefix = new TextEncoder().encode(salt);
  const bytes = new Uint8Array(prefix.length + 12);
  bytes.set(prefix);
  const H = new Uint32Array(8);
  const first = parseInt(challenge.slice(0, 8), 16);
  for (let number = 0; number <= maxNumber; number += 1) {
    const digits = String(number);
    for (let place = 0; place < digits.length; place += 1) {
      bytes[prefix.length + place] = digits.charCodeAt(place);
    }
    digest(bytes, prefix.length + digits.length, H);
    if (H[0] === first && hex(H) === challenge) return number;
  }
  return null;
}

self.onmessage = ({ data }) => self.postMessage(search(data));
