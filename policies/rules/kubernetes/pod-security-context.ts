import { kubernetesBenchmark } from "../../frameworks";
import { containersOf, podMakers, podPath } from "../../kubernetes/pods";
import { type Expectation, equals, propertyRule } from "../../property-rule";

const dropsAll: Expectation = {
  says: '["ALL"]',
  holds: (value) => Array.isArray(value) && value.includes("ALL"),
};

export const podSecurityContext = propertyRule({
  name: "pod-security-context",
  topic: "kubernetes",
  displayName: "A container has no more rights than its program needs",
  description:
    "Pods and containers do not run as root, gain no privilege, drop every capability, have a read-only root and the runtime's seccomp profile.",
  severity: "critical",
  ids: [],
  framework: kubernetesBenchmark("5.7.3"),
  remediationSteps:
    "Declare the pod's and each container's securityContext as infra/kubernetes/pod-template.ts does; writable folders are emptyDirs.",
  types: podMakers,
  properties: (maker) => [
    { path: podPath(maker, "spec.securityContext.runAsNonRoot"), expected: equals(true) },
    {
      path: podPath(maker, "spec.securityContext.seccompProfile.type"),
      expected: equals("RuntimeDefault"),
    },
    ...containersOf(maker).flatMap((container) => {
      const context = `${container}.securityContext`;
      return [
        { path: `${context}.runAsNonRoot`, expected: equals(true) },
        { path: `${context}.allowPrivilegeEscalation`, expected: equals(false) },
        { path: `${context}.privileged`, expected: equals(false) },
        { path: `${context}.readOnlyRootFilesystem`, expected: equals(true) },
        { path: `${context}.capabilities.drop`, expected: dropsAll },
        { path: `${context}.seccompProfile.type`, expected: equals("RuntimeDefault") },
      ];
    }),
  ],
});
