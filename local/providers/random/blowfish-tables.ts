/** Words of Blowfish's initial state: 18 subkeys and 4 substitution boxes of 256. */
const WORDS = 18 + 4 * 256;

/** atan(1/x) times 2^bits, by its series. */
function arctanInverse(x: bigint, bits: bigint): bigint {
  const square = x * x;
  let power = (1n << bits) / x;
  let sum = 0n;
  for (let divisor = 1n, sign = 1n; power !== 0n; divisor += 2n, sign = -sign) {
    sum += (sign * power) / divisor;
    power /= square;
  }
  return sum;
}

/**
 * Blowfish starts from the binary digits of pi after the point. They are computed (Machin's formula, some 20 ms) rather
 * than copied: 1,042 constants that nobody would read.
 */
export function blowfishTables(): { subkeys: Int32Array; boxes: Int32Array } {
  const guard = 64n;
  const bits = BigInt(WORDS * 32) + guard;
  const pi = 16n * arctanInverse(5n, bits) - 4n * arctanInverse(239n, bits);
  const digits = ((pi & ((1n << bits) - 1n)) >> guard).toString(16).padStart(WORDS * 8, "0");
  const words = Int32Array.from(
    { length: WORDS },
    (_, i) => Number.parseInt(digits.slice(i * 8, i * 8 + 8), 16) | 0,
  );
  return { subkeys: words.slice(0, 18), boxes: words.slice(18) };
}
