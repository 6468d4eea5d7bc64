/** A version of a program, as its numbers and, where it is one, the fact that it comes before the release. */
export interface Version {
  readonly numbers: readonly [number, number, number];
  readonly prerelease: boolean;
}

/** Reads `v3.232.0`, `3.240.0-alpha.1+dirty`, `go1.26` and the like; undefined when the text holds no version. */
export function parseVersion(text: string): Version | undefined {
  const match = /^(?:v|go)?(\d+)\.(\d+)(?:\.(\d+))?(-|rc|beta)?/.exec(text.trim());
  if (!match) return undefined;
  return {
    numbers: [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)],
    prerelease: match[4] !== undefined,
  };
}

/** Whether `version` is `floor` or later; a prerelease of the floor itself is not. */
export function isAtLeast(version: Version, floor: Version): boolean {
  for (const index of [0, 1, 2] as const) {
    const difference = version.numbers[index] - floor.numbers[index];
    if (difference !== 0) return difference > 0;
  }
  return !version.prerelease || floor.prerelease;
}
