import { kubernetes } from "../../../policies/kubernetes/types";
import type { FixtureResource } from "../support/fixture";
import type { RuleCases } from "../support/rule-cases";

const stack = "retail-agentic";
const retail = "switchyard:systems:RetailAgentic";
const onlyComponents = {
  keepOnly: ["switchyard:systems:Platform platform"],
  gives: "notApplicable",
} as const;
const backend = "retail-agentic-retail-backend-blue";
const space = "retail-agentic-space";
const budget = "retail-agentic-retail-backend-blue-budget";
const service = `${backend}-service`;
const route = "retail-agentic-retail-backend-route";
const preview = `${backend}-preview`;
const storePreview = "kirana-store-kirana-store-frontend-blue-preview";

function object(type: string, props: Record<string, unknown>): FixtureResource {
  return {
    key: type,
    type,
    props: { metadata: { name: "added", namespace: "retail-agentic" }, ...props },
    protect: false,
    ignoreChanges: [],
    path: `${retail}$${type}`,
  };
}

/** Rules on the other objects of a namespace. */
export const clusterObjectCases: readonly RuleCases[] = [
  {
    rule: "kind-allowed",
    stack,
    on: backend,
    broken: [
      "networking.k8s.io/v1:Ingress",
      "extensions/v1beta1:Ingress",
      "core/v1:PersistentVolumeClaim",
      "core/v1:Secret",
      "core/v1:SecretPatch",
      "apiextensions.k8s.io/v1:CustomResourceDefinition",
    ].map((type) => ({ add: object(`kubernetes:${type}`, {}), alsoFails: ["resource-type-known"] })),
    absent: onlyComponents,
    unknown: { readsNothing: "a resource's type is always known" },
  },
  {
    rule: "service-internal",
    stack,
    on: "retail-agentic-retail-backend-blue-service",
    broken: [
      { at: "retail-agentic-retail-backend-blue-service", set: "spec/type", to: "LoadBalancer" },
      { at: "retail-agentic-retail-backend-blue-service", set: "spec/type", to: "NodePort" },
      { at: "retail-agentic-search-service", set: "spec/type", to: "ExternalName" },
      { at: "retail-agentic-search-service", drop: "spec/type" },
      { at: "retail-agentic-search-service", set: "spec/externalIPs", to: ["192.0.2.1"] },
      { at: "retail-agentic-search-service", set: "spec/externalName", to: "host.example" },
      { at: "retail-agentic-search-peers", set: "spec/type", to: "NodePort" },
    ],
    absent: { at: "retail-agentic-search-service", drop: "spec" },
    unknown: { at: "retail-agentic-search-service", path: "spec/type" },
  },
  {
    rule: "pod-disruption-budget",
    stack,
    broken: [
      { remove: ["retail-agentic-search-budget"] },
      { at: budget, set: "spec/maxUnavailable", to: 0 },
      { at: budget, set: "spec/maxUnavailable", to: 3 },
      { at: budget, set: "spec/maxUnavailable", to: 1000 },
      { at: budget, set: "spec/maxUnavailable", to: 1.5 },
      { at: budget, set: "spec/maxUnavailable", to: "100%" },
      { at: budget, set: "spec/maxUnavailable", to: "67%" },
      { at: "retail-agentic-search-budget", set: "spec/maxUnavailable", to: 3 },
      { at: budget, set: "spec/minAvailable", to: 1 },
      { at: budget, drop: "spec/maxUnavailable" },
      { at: budget, set: "spec/selector/matchLabels/app", to: "other" },
      { at: budget, set: "metadata/namespace", to: "other" },
      {
        at: "retail-agentic-search-budget",
        set: "spec/selector/matchLabels",
        to: { "app.kubernetes.io/part-of": "retail-agentic" },
      },
    ],
    absent: { remove: ["retail-agentic-search-budget"] },
    unknown: { at: budget, path: "spec/maxUnavailable" },
  },
  {
    rule: "namespace-restricted",
    stack,
    broken: [
      { at: `${space}-namespace`, drop: "metadata/labels/pod-security.kubernetes.io~enforce" },
      { at: `${space}-namespace`, set: "metadata/labels/pod-security.kubernetes.io~enforce", to: "baseline" },
      {
        at: "platform-gateway-namespace",
        set: "metadata/labels/pod-security.kubernetes.io~enforce",
        to: "privileged",
      },
    ],
    absent: { at: `${space}-namespace`, drop: "metadata/labels" },
    unknown: { at: `${space}-namespace`, path: "metadata/labels/pod-security.kubernetes.io~enforce" },
  },
  {
    rule: "namespace-bounded",
    stack,
    broken: [
      { remove: [`${space}-quota`] },
      { remove: [`${space}-limits`] },
      { at: `${space}-quota`, drop: "spec/hard/pods" },
      { at: `${space}-quota`, set: "spec/hard/services.loadbalancers", to: "1" },
      { at: `${space}-quota`, set: "spec/hard/requests.cpu", to: "lots" },
      { at: `${space}-limits`, drop: "spec/limits/0/default" },
      { at: `${space}-limits`, set: "spec/limits/0/type", to: "Pod" },
    ],
    absent: { at: `${space}-quota`, drop: "spec" },
    unknown: { at: `${space}-quota`, path: "spec/hard/pods" },
  },
  {
    rule: "network-default-deny",
    stack,
    broken: [
      { remove: [`${space}-deny-all`] },
      { at: `${space}-deny-all`, set: "spec/policyTypes", to: ["Ingress"] },
      { at: `${space}-deny-all`, set: "spec/podSelector", to: { matchLabels: { app: "retail-backend" } } },
      {
        at: `${space}-deny-all`,
        set: "spec/ingress",
        to: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }],
      },
    ],
    absent: { remove: [`${space}-deny-all`] },
    unknown: { at: `${space}-deny-all`, path: "spec/policyTypes" },
  },
  {
    rule: "network-policy-per-app",
    stack,
    broken: [
      { remove: ["retail-agentic-search-network"] },
      {
        at: "retail-agentic-search-network",
        set: "spec/podSelector/matchLabels/app",
        to: "other",
      },
      { at: "retail-agentic-search-network", set: "spec/policyTypes", to: ["Ingress"] },
      { at: "retail-agentic-retail-mongo-backup-network", set: "metadata/namespace", to: "other" },
    ],
    absent: { remove: ["retail-agentic-search-network"] },
    unknown: { at: "retail-agentic-search-network", path: "spec/policyTypes" },
  },
  {
    rule: "network-policy-named-peers",
    stack,
    broken: [
      { at: "retail-agentic-search-network", drop: "spec/ingress/0/from" },
      { at: "retail-agentic-search-network", drop: "spec/ingress/0/ports" },
      { at: "retail-agentic-search-network", set: "spec/egress/0/to", to: [] },
      {
        at: "retail-agentic-search-network",
        set: "spec/ingress/0/from",
        to: [{ ipBlock: { cidr: "10.0.0.0/8" } }],
      },
      { at: "platform-gateway-traffic", drop: "spec/ingress/0/ports" },
      { at: "platform-gateway-traffic", set: "spec/ingress/0/ports/0/endPort", to: 65_535 },
      ...[
        { namespaceSelector: {} },
        { namespaceSelector: {}, podSelector: { matchLabels: { app: "retail-backend" } } },
        { namespaceSelector: { matchLabels: { team: "retail" } } },
        {
          namespaceSelector: {
            matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "Exists" }],
          },
        },
        {},
      ].map((peer) => ({ at: "retail-agentic-search-network", set: "spec/ingress/0/from/0", to: peer })),
      { at: "retail-agentic-search-network", set: "spec/egress/1/to/0", to: { namespaceSelector: {} } },
      { at: "retail-agentic-search-network", set: "spec/ingress/0/ports", to: [{ protocol: "TCP" }] },
      { at: "retail-agentic-search-network", set: "spec/egress/0/ports/0", to: { port: 1, endPort: 65_535 } },
      { at: "retail-agentic-search-network", set: "spec/egress/0/ports/0/port", to: 22 },
      ...["0.0.0.0/1", "::/0", "128.0.0.0/7", "everybody"].map((cidr) => ({
        at: "retail-agentic-search-network",
        set: "spec/egress/1",
        to: { to: [{ ipBlock: { cidr } }], ports: [{ protocol: "TCP", port: 9300 }] },
      })),
    ],
    absent: { at: "retail-agentic-search-network", set: "spec/ingress", to: [{}] },
    unknown: { at: "retail-agentic-search-network", path: "spec/ingress" },
  },
  {
    rule: "service-account-rights",
    stack: "rights",
    on: kubernetes.role,
    broken: [
      { at: kubernetes.role, set: "rules/0/verbs", to: ["*"] },
      { at: kubernetes.role, set: "rules/0/verbs", to: ["escalate"] },
      { at: kubernetes.role, set: "rules/0/resources", to: ["*"] },
      { at: kubernetes.role, set: "rules/0/resources", to: ["pods", "secrets"] },
      { at: kubernetes.clusterRole, set: "rules/0/apiGroups", to: ["*"] },
      { at: kubernetes.clusterRole, set: "aggregationRule", to: { clusterRoleSelectors: [] } },
      { at: kubernetes.roleBinding, set: "roleRef/name", to: "admin" },
      { at: kubernetes.clusterRoleBinding, set: "roleRef/name", to: "cluster-admin" },
      {
        at: kubernetes.clusterRoleBinding,
        set: "subjects",
        to: [{ kind: "Group", name: "system:authenticated" }],
      },
    ],
    absent: { at: kubernetes.roleBinding, drop: "roleRef" },
    unknown: { at: kubernetes.roleBinding, path: "roleRef/name" },
  },
  {
    rule: "cron-job-bounded",
    stack,
    on: "retail-agentic-search-snapshot",
    broken: [
      { at: "retail-agentic-search-snapshot", set: "spec/concurrencyPolicy", to: "Allow" },
      { at: "retail-agentic-search-snapshot", drop: "spec/jobTemplate/spec/activeDeadlineSeconds" },
      { at: "retail-agentic-retail-mongo-backup", set: "spec/jobTemplate/spec/backoffLimit", to: 6 },
      { at: "retail-agentic-retail-mongo-backup", drop: "spec/concurrencyPolicy" },
      {
        at: "retail-agentic-search-snapshot",
        drop: "spec/jobTemplate/spec/template/metadata/annotations/cluster-autoscaler.kubernetes.io~safe-to-evict",
      },
      {
        at: "retail-agentic-retail-mongo-backup",
        set: "spec/jobTemplate/spec/template/metadata/annotations/cluster-autoscaler.kubernetes.io~safe-to-evict",
        to: "true",
      },
      {
        at: "retail-agentic-retail-mongo-backup",
        set: "spec/jobTemplate/spec/template/spec/restartPolicy",
        to: "Always",
      },
    ],
    absent: { at: "retail-agentic-search-snapshot", drop: "spec/jobTemplate" },
    unknown: { at: "retail-agentic-search-snapshot", path: "spec/concurrencyPolicy" },
  },
  {
    rule: "route-bounded",
    stack,
    on: "retail-agentic-retail-backend-route",
    broken: [
      { at: "retail-agentic-retail-backend-route", drop: "spec/hostnames" },
      { at: "retail-agentic-retail-backend-route", set: "spec/hostnames", to: ["*.example.org"] },
      { at: "retail-agentic-retail-backend-route", set: "spec/parentRefs", to: [] },
      { at: "retail-agentic-retail-backend-route", set: "spec/parentRefs/0/sectionName", to: "http" },
      {
        at: "retail-agentic-retail-backend-route",
        set: "spec/rules/0/backendRefs/0/namespace",
        to: "kirana-store",
      },
      { at: "retail-agentic-retail-backend-route", set: "spec/rules/0/backendRefs/0/kind", to: "Other" },
    ],
    absent: { at: "retail-agentic-retail-backend-route", drop: "spec" },
    unknown: { at: "retail-agentic-retail-backend-route", path: "spec/hostnames" },
  },
  {
    rule: "route-by-track",
    stack,
    broken: [
      { at: route, set: "spec/rules/0/backendRefs/0/name", to: "retail-backend-green" },
      { at: route, set: "spec/rules/0/backendRefs/0/name", to: "retail-backend-blue" },
      { at: route, set: "spec/rules/0/backendRefs/0/name", to: "elsewhere" },
      { at: route, set: "spec/rules/0/backendRefs/0/weight", to: 0 },
      {
        at: route,
        set: "spec/rules/0/backendRefs/1",
        to: { kind: "Service", name: "retail-backend", port: 8080 },
      },
      {
        at: route,
        set: "spec/rules/0/backendRefs",
        to: ["blue", "green"].map((colour) => ({
          kind: "Service",
          name: `retail-backend-${colour}`,
          port: 8080,
          weight: 50,
        })),
      },
      { at: route, set: "spec/rules/0/backendRefs", to: [] },
      {
        at: route,
        set: "spec/rules/1",
        to: { backendRefs: [{ kind: "Service", name: "retail-backend-green", port: 8080 }] },
      },
      {
        at: route,
        set: "spec/rules/0/filters",
        to: [
          {
            type: "RequestMirror",
            requestMirror: { backendRef: { name: "retail-backend-green", port: 8080 } },
          },
        ],
      },
      {
        at: route,
        set: "spec/rules/0/backendRefs/0/filters",
        to: [{ type: "RequestRedirect", requestRedirect: { hostname: "elsewhere.example.org" } }],
      },
      { at: route, set: "spec/hostnames/0", to: "retail-backend-green.preview.not-given.invalid" },
      { at: preview, set: "spec/rules/0/backendRefs/0/name", to: "retail-backend-green" },
      { at: preview, set: "spec/rules/0/backendRefs/0/name", to: "retail-backend" },
      { at: preview, set: "spec/hostnames", to: ["api.not-given.invalid"] },
      { at: preview, set: "spec/hostnames", to: ["retail-backend-green.preview.not-given.invalid"] },
      { at: preview, set: "metadata/name", to: "retail-backend-other" },
    ],
    absent: { at: route, drop: "spec" },
    unknown: { at: route, path: "spec/rules/0/backendRefs/0/name" },
  },
  {
    rule: "route-by-track",
    stack: "kirana-store",
    broken: [
      { at: storePreview, set: "spec/hostnames", to: ["store.not-given.invalid"] },
      { at: storePreview, set: "metadata/name", to: "kirana-store" },
      { at: storePreview, set: "spec/rules/0/backendRefs/0/name", to: "kirana-store-frontend-green" },
    ],
    absent: { at: storePreview, drop: "metadata" },
    unknown: { at: storePreview, path: "metadata/name" },
  },
  {
    rule: "route-by-track",
    stack: "case-management",
    broken: [
      {
        at: "case-management-web-route",
        set: "spec/rules/0/backendRefs/0/name",
        to: "case-management-frontend-green",
      },
    ],
    absent: { at: "case-management-web-route", drop: "spec/rules" },
    unknown: { at: "case-management-web-route", path: "spec/hostnames/0" },
  },
  {
    rule: "colour-service-selects",
    stack,
    on: service,
    broken: [
      { at: service, set: "spec/selector/deployment", to: "green" },
      { at: service, set: "spec/selector/app", to: "retail-consumer-web" },
      { at: service, set: "spec/selector", to: { app: "retail-backend" } },
      { at: service, set: "spec/selector/track", to: "canary" },
      { at: "retail-agentic-search-service", set: "metadata/name", to: "retail-backend" },
    ],
    absent: { at: service, drop: "spec/selector" },
    unknown: { at: service, path: "spec/selector/deployment" },
  },
  ...["kirana-store", "case-management"].map(
    (system): RuleCases => ({
      rule: "colour-service-selects",
      stack: system as "kirana-store" | "case-management",
      broken: [
        { at: `${system}-${system}-frontend-blue-service`, set: "spec/selector/deployment", to: "green" },
      ],
      absent: { at: `${system}-${system}-frontend-blue-service`, drop: "spec/selector/deployment" },
      unknown: { at: `${system}-${system}-frontend-blue-service`, path: "metadata/name" },
    }),
  ),
  {
    rule: "gateway-closed",
    stack,
    on: "platform-gateway-gateway",
    broken: [
      { at: "platform-gateway-gateway", drop: "spec/infrastructure/annotations" },
      {
        at: "platform-gateway-gateway",
        set: "spec/infrastructure/annotations/service.beta.kubernetes.io~azure-load-balancer-internal",
        to: "false",
      },
      {
        at: "platform-gateway-gateway",
        drop: "spec/infrastructure/annotations/service.beta.kubernetes.io~port_443_health-probe_protocol",
      },
      {
        at: "platform-gateway-gateway",
        set: "spec/infrastructure/annotations/service.beta.kubernetes.io~port_443_health-probe_protocol",
        to: "https",
      },
      { at: "platform-gateway-gateway", set: "spec/listeners/0/port", to: 8443 },
      { at: "platform-gateway-gateway", set: "spec/listeners/0/protocol", to: "HTTP" },
      { at: "platform-gateway-gateway", set: "spec/listeners/0/tls/mode", to: "Passthrough" },
      { at: "platform-gateway-gateway", set: "spec/listeners/0/allowedRoutes/namespaces/from", to: "All" },
    ],
    absent: { at: "platform-gateway-gateway", drop: "spec/listeners" },
    unknown: { at: "platform-gateway-gateway", path: "spec/listeners/0/protocol" },
  },
  {
    rule: "chart-pinned",
    stack,
    on: "platform-gateway-cert-manager",
    broken: [
      { at: "platform-gateway-cert-manager", drop: "version" },
      { at: "platform-gateway-cert-manager", set: "version", to: "^1.18.0" },
      { at: "platform-gateway-cert-manager", set: "version", to: "v1.17.0" },
      { at: "platform-gateway-cert-manager", set: "chart", to: "ingress-nginx" },
      { at: "platform-gateway-cert-manager", drop: "chart" },
      { at: "platform-gateway-cert-manager", set: "repositoryOpts/repo", to: "http://charts.example.org" },
      { at: "platform-gateway-cert-manager", set: "repositoryOpts/repo", to: "https://charts.example.org" },
      { at: "platform-gateway-cert-manager", set: "values/extraObjects", to: ["kind: Secret"] },
      { at: "platform-gateway-cert-manager", set: "values/webhook/extraArgs", to: ["--v=9"] },
      { at: "platform-gateway-cert-manager", set: "values/image/tag", to: "v1.18.2" },
      { at: "platform-gateway-cert-manager", drop: "values/image" },
      { at: "platform-gateway-cert-manager", drop: "values/acmesolver/image/digest" },
      { at: "platform-gateway-cert-manager", set: "values/cainjector/image/digest", to: "v1.18.2" },
      { at: "platform-gateway-cert-manager", set: "postrender", to: "/bin/sh" },
      { at: "platform-gateway-cert-manager", set: "atomic", to: false },
    ],
    absent: { at: "platform-gateway-cert-manager", drop: "repositoryOpts" },
    unknown: { at: "platform-gateway-cert-manager", path: "version" },
  },
];
