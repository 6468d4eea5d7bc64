import { byToken, type ResourceType } from "../../local/cloud/resource-types";
import { inputChanges } from "../../local/providers/azure-native/inputs-compare";
import type { Live } from "../../local/providers/azure-native/live";
import { liveInputs } from "../../local/providers/azure-native/read";
import { isAtOrBelow, patternSteps } from "../../plugin-server/values/path";
import type { PropertyMap } from "../../plugin-server/values/property";
import { isJson } from "../../release/targets/json";
import type { PropertyChange } from "../../reports/model";
import { withoutAutoscale } from "./autoscaled";
import type { Path, RecordedResource } from "./finding";
import { namedAsSdk } from "./sdk-names";
import { concealed, shownChange } from "./shown-changes";

/** Types whose `properties` are settings of an app: any of them may be a secret. */
const appSettings = new Set([
  "azure-native:web:WebAppApplicationSettings",
  "azure-native:web:WebAppApplicationSettingsSlot",
]);

export function azureType({ type }: Pick<RecordedResource, "type">): ResourceType | undefined {
  return byToken(type);
}

/**
 * In what a resource differs from its recorded inputs. Only what was declared is compared: what Azure fills in by itself
 * is no drift, and neither is where the traffic goes, which nobody declares. `before` is what was recorded, `after` what
 * is live.
 *
 * @param scaled what autoscale settings make larger and smaller: ARM ids in lower case
 */
export function compareAzure(
  resource: RecordedResource,
  type: ResourceType,
  live: Live,
  scaled: ReadonlySet<string> = new Set(),
): readonly PropertyChange[] {
  const conceals = appSettings.has(resource.type);
  const declared = withoutMarks(resource.inputs);
  const found = withoutAutoscale(
    resource,
    declared,
    liveInputs(type, declared, { ...live, body: namedAsSdk(type, live.body) }),
    scaled,
  );
  const [before, after] = conceals
    ? [concealedSettings(declared), concealedSettings(found)]
    : [declared, found];
  const patterns = [...type.secret.inputs, ...type.writeOnly].map(patternSteps);
  const changes = inputChanges(type, before, after)
    .filter(({ path }) => !isAzuresOwn(valueAt(before, path), valueAt(after, path)))
    .map(({ path }) => {
      const secret = conceals || patterns.some((pattern) => isAtOrBelow(path, pattern));
      const hidden: readonly Path[] = secret ? [path] : resource.secretPaths;
      return shownChange(path, valueAt(before, path), valueAt(after, path), hidden);
    });
  return [...changes, ...writtenSince(resource, live)];
}

/** By type: a value that is never given back, and what is another text once it was written again. */
const versions: Readonly<Record<string, { readonly value: Path; readonly version: Path }>> = {
  "azure-native:keyvault:Secret": {
    value: ["properties", "value"],
    version: ["properties", "secretUriWithVersion"],
  },
};

/** That somebody gave it another value since it was recorded, such as a restore. */
function writtenSince({ type, outputs }: RecordedResource, live: Live): readonly PropertyChange[] {
  const written = versions[type];
  if (written === undefined) return [];
  const [before, after] = [valueAt(outputs, written.version), valueAt(live.outputs, written.version)];
  if (typeof before !== "string" || before === after) return [];
  return [shownChange(written.value, before, after, [written.value])];
}

function concealedSettings(inputs: PropertyMap): PropertyMap {
  const { properties } = inputs;
  if (!isJson(properties)) return inputs;
  return {
    ...inputs,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, concealed(value)]),
    ),
  };
}

/** `1.33`, of which Azure takes the newest patch by itself. */
const minorVersion = /^\d+\.\d+$/;

/**
 * Azure writes ids as it likes: `resourcegroups`, `microsoft.web`. An empty text, which the SDK sends where a program says nothing,
 * leaves the choice to Azure: the zone of a database. So does a minor version: the patch of a cluster.
 */
function isAzuresOwn(before: unknown, after: unknown): boolean {
  if (typeof before !== "string" || typeof after !== "string") return false;
  if (before === "" || (minorVersion.test(before) && after.startsWith(`${before}.`))) return true;
  return before.startsWith("/subscriptions/") && before.toLowerCase() === after.toLowerCase();
}

function withoutMarks(inputs: Readonly<Record<string, unknown>>): PropertyMap {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__")));
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    root,
  );
}
