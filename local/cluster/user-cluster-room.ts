import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../user-error";
import { askUserCluster, clusterError, runOnUserCluster, type UserClusterOptions } from "./user-cluster";

/** A resource of the API, as RBAC names it; the group of the core is empty. */
export interface ApiResource {
  readonly group: string;
  /** Plural, as in `httproutes`. */
  readonly resource: string;
}

const verbs = ["get", "create", "patch", "delete"] as const;

/** Rows `VERB RESOURCE ALLOWED`. */
const rowOfReview =
  '{.spec.resourceAttributes.verb} {.spec.resourceAttributes.resource} {.status.allowed}{"\\n"}';

/**
 * Asks what the server offers, which every login may.
 *
 * @param needed kinds of version v1
 * @throws UserError that lists those it lacks: an update would wait a minute for each and then fail
 */
export async function requireDefinitions(
  options: UserClusterOptions,
  needed: readonly ApiResource[],
): Promise<void> {
  const offered = new Set<string>();
  for (const group of new Set(needed.map((each) => each.group))) {
    const answer = await runOnUserCluster(options, "get", "--raw", `/apis/${group}/v1`);
    if (answer.code === 0) for (const { name } of resourcesIn(answer.stdout)) offered.add(`${name}.${group}`);
    else if (!/NotFound|could not find the requested resource/.test(answer.stderr)) {
      throw clusterError(options.kubeconfig, answer.stderr, answer.timedOut);
    }
  }
  const missing = needed
    .map(({ group, resource }) => `${resource}.${group}`)
    .filter((name) => !offered.has(name));
  if (missing.length === 0) return;
  throw new UserError(
    `the cluster of ${options.kubeconfig} lacks the custom resource definitions ${missing.join(", ")}`,
    {
      mend: `install them (docs/local-cluster.md says where each comes from): kubectl --kubeconfig ${options.kubeconfig} apply --server-side -f FILE`,
    },
  );
}

function resourcesIn(text: string): readonly { readonly name: string }[] {
  return (JSON.parse(text) as { resources: readonly { name: string }[] }).resources;
}

/** @throws UserError that lists what the login may not do and the stack needs */
export async function requireRights(
  options: UserClusterOptions,
  needed: readonly ApiResource[],
): Promise<void> {
  const items = needed.flatMap(({ group, resource }) =>
    verbs.map((verb) => ({
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: { group, resource, verb } },
    })),
  );
  const folder = await mkdtemp(join(tmpdir(), "switchyard-rights-"));
  try {
    const file = join(folder, "reviews.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }), { mode: 0o600 });
    const answer = await askUserCluster(
      options,
      "create",
      "--validate=false",
      `--filename=${file}`,
      `--output=jsonpath=${rowOfReview}`,
    );
    refuseMissingRights(options.kubeconfig, answer, items.length);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refuseMissingRights(kubeconfig: string, answer: string, asked: number): void {
  const rows = answer.split("\n").map((row) => row.split(" "));
  if (rows.length !== asked) {
    throw new Error(`the cluster of ${kubeconfig} answered ${rows.length} of ${asked} questions for rights`);
  }
  const denied = new Map<string, string[]>();
  for (const [verb = "", resource = "", allowed] of rows) {
    if (allowed !== "true") denied.set(resource, [...(denied.get(resource) ?? []), verb]);
  }
  if (denied.size === 0) return;
  const byVerbs = new Map<string, string[]>();
  for (const [resource, missing] of denied) {
    const key = missing.join("/");
    byVerbs.set(key, [...(byVerbs.get(key) ?? []), resource]);
  }
  const list = [...byVerbs].map(([key, resources]) => `${key} of ${resources.join(", ")}`).join("; ");
  throw new UserError(`the user of ${kubeconfig} lacks rights on its cluster: ${list}`, {
    mend: "use a login that may, in all namespaces: cluster-admin, or the role that docs/local-cluster.md lists",
  });
}

/**
 * Refuses namespaces that are there and that this stack did not make: taken over they would lose pods to its quota and its
 * policies, and everything in them when the stack is destroyed.
 *
 * @param ours those that the stack has recorded
 */
export async function requireFreeNamespaces(
  options: UserClusterOptions,
  needed: readonly string[],
  ours: ReadonlySet<string>,
): Promise<void> {
  const asked = needed.filter((name) => !ours.has(name));
  if (asked.length === 0) return;
  const found = await askUserCluster(
    options,
    "get",
    "namespaces",
    ...asked,
    "--ignore-not-found",
    "--output=name",
  );
  const foreign = asked.filter((name) => found.split("\n").includes(`namespace/${name}`));
  if (foreign.length === 0) return;
  const names = foreign.join(", ");
  const plural = foreign.length > 1;
  throw new UserError(
    `the cluster of ${options.kubeconfig} has the namespace${plural ? "s" : ""} ${names} already, and this stack did not make ${plural ? "them" : "it"}`,
    {
      mend: `use a cluster without ${plural ? "them" : "it"}; if ${plural ? "they are" : "it is"} left over from an earlier dev stack: kubectl --kubeconfig ${options.kubeconfig} delete namespace ${foreign.join(" ")}`,
    },
  );
}
