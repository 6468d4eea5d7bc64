/** One thing that is wrong with the settings. */
export interface SettingFault {
  /** Setting with its path, such as `kirana-inventory:contacts.cto.phone`. */
  readonly key: string;
  /** What was found, as a user would write it; never a secret. */
  readonly received: string;
  readonly allowed: string;
  readonly mend: string;
}

/** The settings of a stack cannot be used. The message lists every fault. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  constructor(
    readonly stackName: string,
    readonly faults: readonly SettingFault[],
  ) {
    super(messageOf(stackName, faults));
  }
}

function messageOf(stack: string, faults: readonly SettingFault[]): string {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  const entries = faults.map(
    ({ key, received, allowed, mend }) =>
      `  ${key}\n    received: ${received}\n    allowed:  ${allowed}\n    mend:     ${mend}`,
  );
  return [`The settings of stack ${stack} have ${count}:`, ...entries].join("\n");
}

const longestShown = 80;

/** A value in a message: quoted and cut. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value));
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`;
}

/** What stands in a message in the place of a secret. */
export const hidden = "a value that is not shown";
