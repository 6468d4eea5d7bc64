import assert from "node:assert/strict";
import { type RawConfig, readSettings, SettingsError } from "../../../infra/settings";

export type Changes = Readonly<Record<string, string | undefined>>;

/** A stack's committed settings with some changed or, when undefined, removed. */
export function changed(raw: RawConfig, changes: Changes, secrets: readonly string[] = []): RawConfig {
  const values: Record<string, string> = { ...raw.values };
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) delete values[key];
    else values[key] = value;
  }
  return { values, secretKeys: new Set([...raw.secretKeys, ...secrets]) };
}

/** The message with which the settings of a stack are refused. */
export function refusal(raw: RawConfig, stack: string, offline = false): string {
  try {
    readSettings(raw, { stack, offline });
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.message;
  }
  assert.fail("the settings were accepted");
}
