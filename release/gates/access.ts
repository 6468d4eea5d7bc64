import { listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { type Asking, answer, type Look, looking, nothing } from "./asking";
import { Checkout } from "./checkout";
import { accessAllowed } from "./cluster-objects";
import { namespaceOf } from "./cluster-state";
import { grafana } from "./dashboards";
import type { GateContext, GateProvider, Sample } from "./gate-provider";
import { gitHub } from "./git-hub";
import type { CheckGateOf } from "./provider-gate";

type AccessGate = CheckGateOf<"access">;
type To = AccessGate["check"]["to"];

const permissionsVersion = "2022-04-01";
const fieldManager = "switchyard-release";

interface Asked {
  readonly permission: string;
  readonly asking: Asking;
  readonly context: GateContext;
  readonly look: Look;
  readonly repository: string;
}
type Finding = { readonly holds: boolean; readonly seen: string } | { readonly why: string };

/**
 * What the identity that runs the release may do, as Azure, the cluster, GitHub and Grafana judge it themselves.
 *
 * @param repository folder of the checkout
 */
export function accessProvider(asking: Asking, repository: string): GateProvider<AccessGate> {
  return {
    look(gate, context): Promise<Sample> {
      const { to, permission } = gate.check;
      const question = `${permission} on the ${to}`;
      return looking(question, gate, context, async (look) => {
        const found = await checks[to]({ permission, asking, context, look, repository });
        return "why" in found ? nothing(question, found.why) : answer(question, found.holds, found.seen);
      });
    },
  };
}

const checks: Readonly<Record<To, (asked: Asked) => Promise<Finding>>> = {
  subscription: (asked) => {
    const id = /^\/subscriptions\/[^/]+/i.exec(asked.context.facts.resourceGroupId)?.[0];
    return azure(id, asked);
  },
  resourceGroup: (asked) => azure(asked.context.facts.resourceGroupId, asked),
  vault: (asked) => azure(asked.context.facts.vault.id, asked),
  registry: (asked) => azure(asked.context.facts.registryId, asked),
  cluster: async ({ permission, asking, context, look }) => {
    const { clusterId } = context.facts.cluster ?? {};
    const choice = clusterId === undefined ? {} : { clusterId };
    const client = await asking.surroundings.kubernetes(choice, look.signal);
    return accessAllowed(client, namespaceOf(context), [permission], fieldManager);
  },
  repository: repositoryAccess,
  dashboards: async ({ permission, asking, context, look }) => {
    const { grafanaUrl } = context.facts;
    if (grafanaUrl === undefined)
      return { why: "the stack's output release names no Grafana; npx switchyard up" };
    if (permission !== "read") return { why: `nobody here can tell ${permission} on Grafana, only read` };
    const ask = await grafana(asking, grafanaUrl, look);
    const found = await ask("GET", "/api/search?limit=1");
    return Array.isArray(found)
      ? { holds: true, seen: "Grafana lists its dashboards" }
      : { why: "Grafana gave no list of its dashboards" };
  },
  journal: () =>
    Promise.resolve({
      why: "whoever looks at this gate has written the release into its journal already: nothing else is asked",
    }),
};

/**
 * Operations that stand for a role or right: who may do all of them has it, whatever his role is called (Microsoft
 * Learn, "Azure built-in roles").
 */
const operations: Readonly<
  Record<string, { readonly actions?: readonly string[]; readonly data?: readonly string[] }>
> = {
  read: { actions: ["Microsoft.Resources/subscriptions/resourceGroups/read"] },
  Contributor: {
    actions: [
      "Microsoft.Resources/subscriptions/resourceGroups/write",
      "Microsoft.Resources/deployments/write",
      "Microsoft.Web/sites/write",
      "Microsoft.Web/sites/slots/write",
      "Microsoft.Web/sites/slotsswap/action",
    ],
  },
  "Key Vault Secrets User": { data: ["Microsoft.KeyVault/vaults/secrets/getSecret/action"] },
  push: { actions: ["Microsoft.ContainerRegistry/registries/push/write"] },
  pull: { actions: ["Microsoft.ContainerRegistry/registries/pull/read"] },
};

async function azure(scope: string | undefined, { permission, asking, look }: Asked): Promise<Finding> {
  if (scope === undefined) return { why: "the stack's output release does not name it; npx switchyard up" };
  const wanted = operations[permission];
  if (wanted === undefined)
    return {
      why: `no operations of Azure are known for ${permission}; known are ${Object.keys(operations).join(", ")}`,
    };
  const path = `${scope}/providers/Microsoft.Authorization/permissions`;
  const granted = await asking.surroundings.arm(look.signal).collection(path, permissionsVersion);
  if (granted === undefined) return { holds: false, seen: `${scope} does not exist, or may not be seen` };
  const missing = [
    ...(wanted.actions ?? []).filter(
      (one) => !granted.some((grant) => allows(grant, "actions", "notActions", one)),
    ),
    ...(wanted.data ?? []).filter(
      (one) => !granted.some((grant) => allows(grant, "dataActions", "notDataActions", one)),
    ),
  ];
  return missing.length === 0
    ? { holds: true, seen: `${permission} on ${scope}` }
    : { holds: false, seen: `not allowed on ${scope}: ${missing.join(", ")}` };
}

/** Each grant stands for itself: what one excludes another may give. */
function allows(grant: unknown, actions: string, excluded: string, operation: string): boolean {
  const matches = (pattern: unknown) =>
    new RegExp(`^${String(pattern).split("*").map(escaped).join(".*")}$`, "i").test(operation);
  return listAt(grant, actions).some(matches) && !listAt(grant, excluded).some(matches);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

async function repositoryAccess({ permission, asking, look, repository }: Asked): Promise<Finding> {
  const checkout = new Checkout(repository, asking.surroundings.env.PATH, look.signal);
  const hub = await gitHub(asking, checkout, look);
  const found = await hub.ask("");
  if (found === undefined) return { holds: false, seen: `${hub.name} does not exist, or may not be seen` };
  const { permissions } = mapAt(found);
  const { push, pull } = mapAt(permissions);
  if (permission === "read") return said(pull, `read ${hub.name}`);
  if (permission !== "write" && permission !== "actions: write")
    return {
      why: `nobody here can tell ${permission} on a repository; known are read, write, actions: write`,
    };
  const write = said(push, `write to ${hub.name}`);
  if (permission === "write" || !("holds" in write) || !write.holds) return write;
  // Who may push may start workflows (GitHub REST API, "Create a workflow dispatch event"), where there are any.
  const { total_count: count } = mapAt(await hub.ask("/actions/workflows", { per_page: "1" }));
  if (typeof count !== "number") throw new UserError(`GitHub does not say which workflows ${hub.name} has`);
  return count > 0
    ? { holds: true, seen: `may start the ${count} workflows of ${hub.name}` }
    : { holds: false, seen: `${hub.name} has no workflow that could be started` };
}

function said(right: unknown, what: string): Finding {
  if (typeof right === "boolean") return { holds: right, seen: right ? `may ${what}` : `may not ${what}` };
  return {
    why: `GitHub does not say whether the token may ${what}; set GITHUB_TOKEN to a token of the deployer`,
  };
}
