import type { AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb";

/** What the engine tells a pack of the stack before it asks anything. */
export interface StackConfiguration {
  readonly stack: string;
  /** Setting to its value as a text; those that were asked for only: others are secrets in clear. */
  readonly config: Readonly<Record<string, string>>;
}

/** @param keys Settings to keep, such as `switchyard:evidence`. */
export function stackConfiguration(
  request: AnalyzerStackConfigureRequest,
  keys: readonly string[],
): StackConfiguration {
  const all = request.getConfigMap();
  const kept = keys.flatMap((key) => {
    const value = all.get(key);
    return value === undefined ? [] : [[key, value]];
  });
  return { stack: request.getStack(), config: Object.fromEntries(kept) };
}
