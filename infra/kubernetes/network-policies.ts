import type * as inputs from "@pulumi/kubernetes/types/input";
import type { Egress, Ingress } from "./app-component";

/** Label that the API server gives every namespace. */
const namespaceName = "kubernetes.io/metadata.name";

/** Nobody connects to or from any pod of the namespace, unless another policy allows it. */
export function denyAll(): inputs.networking.v1.NetworkPolicySpec {
  return { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
}

/** Pods of the namespace may ask the cluster's name server. */
export function allowDns(): inputs.networking.v1.NetworkPolicySpec {
  return {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { [namespaceName]: "kube-system" } },
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
    ],
  };
}

/**
 * The API server of AKS, which passes a release's questions on to pods: its tunnel ends in pods of this label (Microsoft
 * Learn, "Network concepts for AKS", Konnectivity).
 */
export function apiServerIngress(port: number): Ingress {
  return { namespace: "kube-system", labels: { app: "konnectivity-agent" }, ports: [port] };
}

export interface AllowArgs {
  /** Label `app` of the pods that this is about; both colours. */
  readonly component: string;
  readonly port: number;
  readonly ingress: readonly Ingress[];
  readonly egress: readonly Egress[];
}

/** What connects to a component and where it connects to. */
export function allow({
  component,
  port,
  ingress,
  egress,
}: AllowArgs): inputs.networking.v1.NetworkPolicySpec {
  return {
    podSelector: { matchLabels: { app: component } },
    policyTypes: ["Ingress", "Egress"],
    ingress: ingress.map(({ namespace, labels, ports = [port] }) => ({
      from: [
        {
          ...(namespace !== undefined && {
            namespaceSelector: { matchLabels: { [namespaceName]: namespace } },
          }),
          ...((labels !== undefined || namespace === undefined) && {
            podSelector: labels ? { matchLabels: { ...labels } } : {},
          }),
        },
      ],
      ports: ports.map(tcp),
    })),
    egress: egress.map((destination) => ({ to: peersOf(destination), ports: destination.ports.map(tcp) })),
  };
}

/** @throws Error for a destination without addresses: to Kubernetes that would mean every address. */
function peersOf(destination: Egress): inputs.networking.v1.NetworkPolicyPeer[] {
  if ("toComponent" in destination)
    return [{ podSelector: { matchLabels: { app: destination.toComponent } } }];
  if (destination.ranges.length === 0)
    throw new Error(`egress to ports ${destination.ports.join(", ")} names no range`);
  return destination.ranges.map((cidr) => ({ ipBlock: { cidr } }));
}

function tcp(port: number): inputs.networking.v1.NetworkPolicyPort {
  return { protocol: "TCP", port };
}
