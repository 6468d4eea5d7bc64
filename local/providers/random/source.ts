import { createHash, randomInt } from "node:crypto";

/** A whole number from 0 to `bound` - 1. */
export type Source = (bound: number) => number;

/** Unguessable numbers. */
export const secureSource: Source = (bound) => randomInt(bound);

/**
 * The same numbers for the same seed. The real provider's seeded numbers come from Go's math/rand and are others; what
 * holds here as there is that a seed fixes them.
 */
export function seededSource(seed: string): Source {
  let counter = 0;
  return (bound) => {
    const digest = createHash("sha256").update(`${seed}\n${counter++}`).digest();
    // 48 bits: the bias of the remainder is beyond notice for the bounds in use.
    return digest.readUIntBE(0, 6) % bound;
  };
}

/** Fisher and Yates. */
export function shuffled<T>(list: readonly T[], source: Source): T[] {
  const result = [...list];
  for (let i = result.length - 1; i > 0; i--) {
    const j = source(i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
