import type { KubernetesClient } from "../clients/kubernetes";
import type { World } from "../clients/world";
import { type Asking, answer, looking } from "./asking";
import { accessAllowed, nodesReady, objectsExist } from "./cluster-objects";
import { type Asked, askedDeployments, namespaceOf } from "./cluster-state";
import type { GateContext, GateProvider } from "./gate-provider";
import { certificatesIn, certificatesValid } from "./managed-certificates";
import type { CheckGateOf } from "./provider-gate";
import { availability, type Found, restarts, rollout, scaledToZero } from "./workload-checks";

type ClusterGate = CheckGateOf<"kubernetes">;
type Finding = { readonly holds: boolean; readonly seen: string };

/** Name under which the release writes to the cluster. */
const fieldManager = "switchyard-release";

interface Cluster {
  readonly client: KubernetesClient;
  readonly world: World;
  readonly context: GateContext;
}

/** State of objects on the system's cluster, read at the moment of the look. */
export function kubernetesProvider({
  surroundings,
}: Pick<Asking, "surroundings">): GateProvider<ClusterGate> {
  return {
    look(gate, context) {
      const { components, side, expects, objects, certificates } = gate.check;
      const where = certificates === undefined ? [] : [`namespace ${certificates.namespace}`];
      const what = [...components, ...(objects ?? []), ...where].join(", ");
      const question = `Kubernetes: ${expects}${what === "" ? "" : ` of ${what}`} (${side})`;
      return looking(question, gate, context, async ({ signal }) => {
        const { clusterId } = context.facts.cluster ?? {};
        const client = await surroundings.kubernetes(clusterId === undefined ? {} : { clusterId }, signal);
        const { holds, seen } = await checks[expects](gate.check, {
          client,
          world: surroundings.world(signal),
          context,
        });
        return answer(question, holds, seen);
      });
    },
  };
}

type Check = ClusterGate["check"];

const checks: Readonly<Record<Check["expects"], (check: Check, cluster: Cluster) => Promise<Finding>>> = {
  available: (check, cluster) => ofEach(check, cluster, availability),
  rolledOut: (check, cluster) => ofEach(check, cluster, rollout),
  scaledToZero: (check, cluster) => ofEach(check, cluster, scaledToZero),
  noRestarts: async (check, cluster) => {
    const pods = await cluster.client.list(`/api/v1/namespaces/${namespaceOf(cluster.context)}/pods`);
    return ofEach(check, cluster, (asked) => restarts(asked, pods, cluster.context.phaseBegan));
  },
  selectedByService: async (check, { context, world }) => {
    const tracks = context.facts.tracks.filter(({ components }) =>
      check.components.some((component) => components.includes(component)),
    );
    const not: string[] = [];
    for (const { name, target } of tracks) {
      const { traffic } = await world.look(target);
      const side = (check.side === "idle" ? context.candidate : context.live)[name];
      if (side === undefined || traffic[side] !== 100) not.push(`${name}: ${JSON.stringify(traffic)}`);
    }
    if (tracks.length === 0) return { holds: false, seen: "no track moves these components" };
    return {
      holds: not.length === 0,
      seen: not.length === 0 ? "the Service selects the side" : not.join("; "),
    };
  },
  objectExists: ({ objects = [] }, { client, context }) =>
    objectsExist(client, namespaceOf(context), objects),
  accessAllowed: ({ objects = [] }, { client, context }) =>
    accessAllowed(client, namespaceOf(context), objects, fieldManager),
  nodesReady: (_, { client }) => nodesReady(client),
  certificatesValid: async ({ certificates }, { client, context }) => {
    if (certificates === undefined) return { holds: false, seen: "the gate names no certificates" };
    const { namespace, minimumDays } = certificates;
    return certificatesValid(await certificatesIn(client, namespace), minimumDays, context.clock.now());
  },
};

async function ofEach(
  check: Check,
  { client, world, context }: Cluster,
  look: (asked: Asked) => Found,
): Promise<Finding> {
  const asked = await askedDeployments(check, context, client, world);
  if (asked.length === 0) return { holds: false, seen: "the gate names no components, or the side has none" };
  const found = asked.map((one) => ({ ...look(one), name: one.name }));
  const short = found.filter(
    ({ holds, ready }) => !holds || (check.pods !== undefined && ready < check.pods),
  );
  const inAll = found.reduce((sum, { ready }) => sum + ready, 0);
  const faults = short.map(({ holds, seen, name, ready }) =>
    holds ? `${name} ${ready} ready pods, and ${check.pods} are wanted` : seen,
  );
  if (check.podsInAll !== undefined && inAll < check.podsInAll) {
    faults.push(`${inAll} ready pods in all, and ${check.podsInAll} are wanted`);
  }
  return faults.length === 0
    ? { holds: true, seen: found.map(({ seen }) => seen).join("; ") }
    : { holds: false, seen: faults.join("; ") };
}
