/** What these tests look at of Kubernetes' objects, of every kind together. */
export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string | undefined>>;
    readonly annotations?: Readonly<Record<string, string | undefined>>;
  };
  readonly data: Readonly<Record<string, string | undefined>>;
  readonly spec: {
    readonly type: string;
    readonly suspend: boolean;
    readonly minReplicas: number;
    readonly scaleTargetRef: { readonly name: string };
    readonly template: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string | undefined>> };
      readonly spec: PodSpec;
    };
    readonly jobTemplate: {
      readonly spec: {
        readonly template: {
          readonly metadata: { readonly labels: Readonly<Record<string, string | undefined>> };
          readonly spec: PodSpec;
        };
      };
    };
    readonly hard: { readonly pods: string };
    readonly selector: { readonly matchLabels: { readonly app: string } };
    readonly podMetricsEndpoints: readonly { readonly params: { readonly target: readonly string[] } }[];
  };
}

interface PodSpec {
  readonly containers: readonly {
    readonly command: readonly string[];
    readonly env: readonly {
      readonly name: string;
      readonly value?: string;
      readonly valueFrom: { readonly secretKeyRef: { readonly name: string } };
    }[];
  }[];
}

export interface TrackInputs {
  readonly target: {
    readonly kind: string;
    readonly route: string;
    readonly hostnames: readonly string[];
    readonly services: unknown;
  };
  readonly initial: string;
  readonly sides: Readonly<Record<string, string>>;
}

export interface EdgeRoute {
  readonly supportedProtocols: readonly string[];
  readonly httpsRedirect: string;
}

export interface EdgeOrigin {
  readonly sharedPrivateLinkResource: { readonly privateLink: { readonly id: string } };
}

export interface FirewallPolicy {
  readonly policySettings: { readonly mode: string };
  readonly customRules: {
    readonly rules: readonly {
      readonly name: string;
      readonly rateLimitThreshold?: number;
      readonly rateLimitDurationInMinutes?: number;
      readonly matchConditions: readonly { readonly matchValue: readonly string[] }[];
    }[];
  };
}

export interface HeaderRule {
  readonly actions: readonly { readonly parameters: { readonly headerName: string } }[];
}

export interface MongoClusterInputs {
  readonly location: string;
  readonly properties: {
    readonly createMode: string;
    readonly publicNetworkAccess: string;
    readonly replicaParameters: { readonly sourceResourceId: string };
  };
}

export interface LifecyclePolicy {
  readonly policy: {
    readonly rules: readonly {
      readonly name: string;
      readonly definition: {
        readonly actions: {
          readonly baseBlob: { readonly delete: { readonly daysAfterModificationGreaterThan: number } };
        };
      };
    }[];
  };
}

export interface RuleGroup {
  readonly rules: readonly {
    readonly alert: string;
    readonly expression: string;
    readonly actions: readonly unknown[];
  }[];
}

export interface StoreOutputs {
  readonly namespace: string;
  readonly route: string;
  readonly previewHosts: { readonly green: string };
}
