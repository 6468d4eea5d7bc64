import type { StepState } from "./engine-event";

/** What the engine writes for a value that it holds as a secret. */
export const masked = "[secret]";

const secretName =
  /pass(?:word|wd|phrase)|pwd|secret|token|credential|connection[-_ ]?string|(?:private|account|access|api|shared|signing|encryption|integration)[-_ ]?key|^sas|signature/i;
/** Names that speak of a secret without being one: where it lies, how long it lasts. */
const aboutSecret =
  /(?:name|id|uri|url|ref|reference|type|class|policy|mode|version|days|minutes|seconds|expiry|enabled|auth)$/i;

export function isSecretName(name: string): boolean {
  return secretName.test(name) && !aboutSecret.test(name);
}

/** Adds the texts of a resource's state that stand in clear where a secret belongs. */
export function collectSecretTexts(state: StepState, secrets: Set<string>): void {
  const everything = state.type === "kubernetes:core/v1:Secret" ? ["data", "stringData"] : [];
  const walk = (value: unknown, name: string, hidden: boolean): void => {
    if (typeof value === "string") {
      if (hidden && looksMade(value)) secrets.add(value);
    } else if (Array.isArray(value)) {
      for (const item of value) walk(item, name, hidden);
    } else if (typeof value === "object" && value !== null) {
      const pair = value as { name?: unknown; value?: unknown };
      if (typeof pair.name === "string" && isSecretName(pair.name)) walk(pair.value, pair.name, true);
      for (const [key, item] of Object.entries(value)) {
        walk(item, key, hidden || isSecretName(key) || everything.includes(key));
      }
    }
  };
  walk(state.inputs, "", false);
  walk(state.outputs, "", false);
}

/** No setting of a word or two, no name of a place: those would tear holes into every message. */
function looksMade(value: string): boolean {
  if (value.length < 8 || value.length > 8_192 || value === masked) return false;
  if (/^(?:https?:|\/subscriptions\/|@Microsoft\.KeyVault|[0-9a-f]{8}-[0-9a-f]{4}-)/i.test(value))
    return false;
  return /\d/.test(value) || value.length >= 16;
}
