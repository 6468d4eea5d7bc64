import { formatPath } from "../../plugin-server/values/path";
import { isJson, type Json, mapAt } from "../../release/targets/json";
import { releaseFieldManager } from "../../release/targets/marks";
import type { PropertyChange } from "../../reports/model";
import { overlap, type Path, type RecordedResource } from "./finding";
import { type OwnedField, ownedFields } from "./kubernetes-owners";
import { shownChange } from "./shown-changes";

export interface KubernetesComparison {
  readonly changes: readonly PropertyChange[];
  /** Who owns what differs. */
  readonly remarks: readonly string[];
}

/**
 * In what an object differs from its recorded inputs, and which of its fields somebody else wrote. Fields that a release
 * writes are no drift: replicas, and the objects that a track carries are not declared at all.
 */
export function compareKubernetes(resource: RecordedResource, live: Json): KubernetesComparison {
  const declared = declaredObject(resource);
  const hidden: readonly Path[] =
    mapAt(declared).kind === "Secret"
      ? [["data"], ["stringData"], ...resource.secretPaths]
      : resource.secretPaths;
  const leaves: Leaf[] = [];
  compareValues(declared, live, [], leaves);
  const owners = ownedFields(live);
  const ours = (manager: string) =>
    manager === resource.outputs.__fieldManager || /^pulumi(-kubernetes)?\b/.test(manager);
  const unchanged = (leaf: Leaf) => leaf.equal || isDroppedZero(leaf, owners, ours);
  const [same, different] = [leaves.filter(unchanged), leaves.filter((leaf) => !unchanged(leaf))];
  const taken = same.flatMap(({ path }) => takenOver(path, owners, ours));
  const foreign = owners.filter(
    ({ path, manager }) =>
      !ours(manager) &&
      !ofPlatform(manager) &&
      !isTrafficBearing(path) &&
      !ignoredMetadata(path) &&
      !leaves.some((leaf) => overlap(leaf.path, path)),
  );
  const changes = [
    ...different.map(({ path, before, after }) => shownChange(path, before, after, hidden)),
    ...foreign.map(({ path }) => shownChange(path, undefined, valueAt(live, path), hidden)),
  ];
  const known = new Set<string>();
  const unique = changes.filter(({ path }) => !known.has(path) && known.add(path));
  return {
    changes: [
      ...unique,
      ...taken
        .filter(({ path }) => !known.has(formatPath(path)))
        .map(({ path }) => ({ path: formatPath(path), kind: "update", withheld: "undisclosed" }) as const),
    ],
    remarks: [
      ...new Set([
        ...different.flatMap(({ path }) => writerOf(path, owners, ours)),
        ...[...foreign, ...taken].map(({ path, manager }) => `${formatPath(path)} belongs to ${manager}`),
      ]),
    ],
  };
}

interface Leaf {
  readonly path: Path;
  readonly before: unknown;
  readonly after: unknown;
  readonly equal: boolean;
}

/**
 * The API server leaves some fields out that hold their type's zero; Pulumi then still owns them. A field that somebody
 * removed is owned by nobody.
 */
function isDroppedZero(
  { path, before, after }: Leaf,
  owners: readonly OwnedField[],
  ours: (manager: string) => boolean,
): boolean {
  const zero = before === false || before === 0 || before === "";
  return zero && after === undefined && ownersOf(path, owners).some(({ manager }) => ours(manager));
}

/** Parts of Kubernetes and of AKS that write to objects as a matter of course, and the release. */
const platformManagers = new Set([
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "cloud-controller-manager",
  "cluster-autoscaler",
  "aks-service",
  "switchyard-local",
  releaseFieldManager,
]);

function ofPlatform(manager: string): boolean {
  return platformManagers.has(manager);
}

/** Fields that a release or an autoscaler writes, whoever did so here. */
function isTrafficBearing(path: Path): boolean {
  return path.join(".") === "spec.replicas";
}

/** What the API server keeps for itself. */
function ignoredMetadata(path: Path): boolean {
  return (
    path[0] === "status" ||
    (path[0] === "metadata" && ["managedFields", "generation"].includes(String(path[1])))
  );
}

function takenOver(path: Path, owners: readonly OwnedField[], ours: (manager: string) => boolean) {
  const here = ownersOf(path, owners);
  if (here.length === 0 || here.some(({ manager }) => ours(manager) || ofPlatform(manager))) return [];
  return [{ path, manager: here[0]!.manager }];
}

function writerOf(path: Path, owners: readonly OwnedField[], ours: (manager: string) => boolean): string[] {
  return ownersOf(path, owners)
    .filter(({ manager }) => !ours(manager))
    .map(({ manager }) => `${formatPath(path)} was written by ${manager}`);
}

/** Owners of a field, or of the list or map that is owned as a whole with the field in it. */
function ownersOf(path: Path, owners: readonly OwnedField[]): readonly OwnedField[] {
  return owners.filter((owner) => owner.path.length <= path.length && overlap(owner.path, path));
}

/** The inputs as the API server keeps them. */
function declaredObject({ inputs }: RecordedResource): Json {
  const { apiVersion: _apiVersion, kind, status: _status, stringData, data, ...rest } = inputs;
  const encoded = Object.fromEntries(
    Object.entries(mapAt(stringData)).map(([name, text]) => [
      name,
      Buffer.from(String(text)).toString("base64"),
    ]),
  );
  const content = isJson(stringData) || isJson(data) ? { data: { ...mapAt(data), ...encoded } } : {};
  // Lists of a kind come without the kind of their items.
  return kind === "Secret" ? { ...rest, ...content } : { ...rest, ...(data === undefined ? {} : { data }) };
}

function compareValues(before: unknown, after: unknown, path: Path, leaves: Leaf[]): void {
  if (before === undefined || before === null || isTrafficBearing(path)) return;
  if (isJson(before) && Object.keys(before).length > 0) {
    for (const [name, value] of Object.entries(before)) {
      compareValues(value, mapAt(after)[name], [...path, name], leaves);
    }
  } else if (Array.isArray(before) && before.length > 0) {
    compareLists(before, Array.isArray(after) ? after : [], path, leaves);
  } else {
    leaves.push({ path, before, after, equal: meansTheSame(before, after) });
  }
}

function compareLists(
  before: readonly unknown[],
  after: readonly unknown[],
  path: Path,
  leaves: Leaf[],
): void {
  const key = mergeKey(before);
  const matched = new Set<number>();
  for (const [position, item] of before.entries()) {
    const index =
      key === undefined
        ? position
        : after.findIndex((candidate) => mapAt(candidate)[key] === mapAt(item)[key]);
    if (index >= 0 && index < after.length) {
      matched.add(index);
      compareValues(item, after[index], [...path, index], leaves);
    } else leaves.push({ path: [...path, position], before: item, after: undefined, equal: false });
  }
  for (const [index, item] of after.entries()) {
    if (!matched.has(index))
      leaves.push({ path: [...path, index], before: undefined, after: item, equal: false });
  }
}

/** By what the items of a list are told apart, so that an inserted one does not make all later ones differ. */
function mergeKey(items: readonly unknown[]): string | undefined {
  return ["name", "containerPort", "mountPath", "port", "key", "ip", "type"].find((key) => {
    const values = items.map((item) => mapAt(item)[key]);
    return values.every((value) => value !== undefined) && new Set(values).size === values.length;
  });
}

/** Nothing and an empty list are the same here, and so are 1000m and 1. */
function meansTheSame(before: unknown, after: unknown): boolean {
  if (before === after) return true;
  if (isEmpty(before)) return after === undefined || after === null || isEmpty(after);
  const [left, right] = [quantityOf(before), quantityOf(after)];
  return left !== undefined && left === right;
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

const scales: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity (Kubernetes, "Quantity") as a number; undefined for what is none. */
function quantityOf(value: unknown): number | undefined {
  const [, number, unit] = /^([+-]?\d+(?:\.\d+)?)([numkMGTPE]|[KMGTPE]i)?$/.exec(String(value)) ?? [];
  return number === undefined ? undefined : Number(number) * scales[unit ?? ""]!;
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    root,
  );
}
