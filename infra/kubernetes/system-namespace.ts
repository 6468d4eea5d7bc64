import { LimitRange } from "@pulumi/kubernetes/core/v1/limitRange";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { ResourceQuota } from "@pulumi/kubernetes/core/v1/resourceQuota";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import * as pulumi from "@pulumi/pulumi";
import { allowDns, denyAll } from "./network-policies";
import { objectOf } from "./options";

export interface SystemNamespaceArgs {
  readonly system: string;
  readonly environment: string;
  /** Where a system has more than one. @default the system's name */
  readonly namespaceName?: string;
  /** Most that all pods of the namespace may ask for and take: both colours at full size must fit at once. */
  readonly quota: {
    readonly requestedCpu: string;
    readonly requestedMemory: string;
    readonly memoryLimit: string;
    readonly pods: number;
    /** Disks of StatefulSets. @default 0 */
    readonly persistentVolumeClaims?: number;
  };
  /** Whether a preview refuses to delete the namespace and all that is in it. */
  readonly guarded: boolean;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What a container without a word of its own is given; every container here has words of its own. */
const containerDefaults = {
  request: { cpu: "50m", memory: "64Mi" },
  limit: { memory: "256Mi" },
};

/**
 * A system's namespace: pods run under the restricted standard (Kubernetes, "Pod Security Standards"), within a quota,
 * and reach nobody but the name server until a policy allows it.
 */
export class SystemNamespace extends pulumi.ComponentResource {
  readonly namespaceName: string;
  readonly namespace: Namespace;

  constructor(name: string, args: SystemNamespaceArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:kubernetes:SystemNamespace", name, {}, options);
    const { system, environment, quota } = args;
    this.namespaceName = args.namespaceName ?? system;
    const labels = {
      "app.kubernetes.io/part-of": system,
      "app.kubernetes.io/managed-by": "pulumi",
      "switchyard.dev/environment": environment,
    };
    this.namespace = new Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: this.namespaceName,
          labels: {
            ...args.labels,
            ...labels,
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/enforce-version": "latest",
            "pod-security.kubernetes.io/warn": "restricted",
            "pod-security.kubernetes.io/audit": "restricted",
          },
        },
      },
      objectOf(this, { protect: args.guarded }),
    );
    const within = objectOf(this, { dependsOn: [this.namespace] });
    const metadata = (objectName: string) => ({
      name: objectName,
      namespace: this.namespaceName,
      labels,
    });
    new ResourceQuota(
      `${name}-quota`,
      {
        metadata: metadata("quota"),
        spec: {
          hard: {
            "requests.cpu": quota.requestedCpu,
            "requests.memory": quota.requestedMemory,
            "limits.memory": quota.memoryLimit,
            pods: String(quota.pods),
            persistentvolumeclaims: String(quota.persistentVolumeClaims ?? 0),
            "services.loadbalancers": "0",
            "services.nodeports": "0",
          },
        },
      },
      within,
    );
    new LimitRange(
      `${name}-limits`,
      {
        metadata: metadata("limits"),
        spec: {
          limits: [
            {
              type: "Container",
              defaultRequest: containerDefaults.request,
              default: containerDefaults.limit,
            },
          ],
        },
      },
      within,
    );
    new NetworkPolicy(`${name}-deny-all`, { metadata: metadata("deny-all"), spec: denyAll() }, within);
    new NetworkPolicy(`${name}-allow-dns`, { metadata: metadata("allow-dns"), spec: allowDns() }, within);
    this.registerOutputs({});
  }
}
