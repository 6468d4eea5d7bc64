import type { AnalyzeRequest, AnalyzerResource } from "@pulumi/pulumi/proto/analyzer_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { signatureKey } from "../engine-marks";
import type { Properties } from "../resource";
import type { Subject } from "./served-policy";

/** Of the pinned SDK's own modules; it does not offer them by type. */
const { deserializeProperties } = require("@pulumi/policy/deserialize") as {
  deserializeProperties(from: Struct, proxySecrets: boolean): Properties;
};
const proxy = require("@pulumi/policy/proxy") as Record<string, unknown> & {
  unknownCheckingProxy(values: Properties): Properties;
};

/** Texts that stand for values which preview does not know: `unknownStringValue` and the like. */
const unknowns: ReadonlySet<unknown> = new Set(
  Object.keys(proxy).flatMap((key) => (/^unknown[A-Z]\w*Value$/.test(key) ? [proxy[key]] : [])),
);

/** A resource of the engine's request as rules see it; its properties are read when the first rule asks for them. */
export function subjectOf(from: AnalyzeRequest | AnalyzerResource): Subject {
  const options = from.getOptions();
  if (!options) throw new Error("The engine sends no options of resources: a newer Pulumi CLI is needed.");
  let props: Properties | undefined;
  return {
    urn: from.getUrn(),
    type: from.getType(),
    name: from.getName(),
    opts: { protect: options.getProtect(), ignoreChanges: options.getIgnorechangesList() },
    get props() {
      props ??= valuesOf(from.getProperties());
      return props;
    },
  };
}

/**
 * Properties as the SDK gives them to rules: secrets in clear, and reading what preview does not know throws
 * `UnknownValueError`. Most hold neither; then rules read the values themselves, and no proxy is between.
 */
function valuesOf(struct: Struct | undefined): Properties {
  if (!struct) return {};
  const values = struct.toJavaScript() as Properties;
  return isPlain(values) ? values : proxy.unknownCheckingProxy(deserializeProperties(struct, false));
}

/** Whether nothing in it is a secret, an asset or unknown. */
function isPlain(value: unknown): boolean {
  if (typeof value === "string") return !unknowns.has(value);
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  for (const key in value) {
    if (key === signatureKey || !isPlain((value as Properties)[key])) return false;
  }
  return true;
}
