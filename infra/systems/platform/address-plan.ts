/** Ranges of the network's subnets. */
export interface AddressPlan {
  /** Nodes; pods have addresses of an overlay of their own. */
  readonly nodes: string;
  /** Private endpoints of databases, caches, vaults. */
  readonly endpoints: string;
  /** The gateway's load balancer and its Private Link service. */
  readonly edge: string;
}

/** Addresses of pods and of Services, within the cluster alone; the network's range must not meet them. */
export const clusterRanges = {
  pods: "192.168.0.0/16",
  services: "172.31.0.0/16",
  nameServer: "172.31.0.10",
} as const;

/** Size of each subnet as a prefix, the largest first so that each begins at a multiple of its size. */
const prefixes = { nodes: 20, endpoints: 24, edge: 26 } as const;

/**
 * Cuts a network's range into its subnets, one after the other from its first address on.
 *
 * @param range CIDR, /19 or wider, from its first address on.
 * @throws Error when the range is too small
 */
export function addressPlan(range: string): AddressPlan {
  const [address = "", prefix = ""] = range.split("/");
  const first = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const end = first + 2 ** (32 - Number(prefix));
  let next = first;
  const entries = Object.entries(prefixes).map(([name, bits]) => {
    const subnet = `${dotted(next)}/${bits}`;
    next += 2 ** (32 - bits);
    if (next > end) throw new Error(`${range} has no room for the subnet ${name} of /${bits}`);
    return [name, subnet];
  });
  return Object.fromEntries(entries) as unknown as AddressPlan;
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
