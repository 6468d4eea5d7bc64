import type { FrameworkReference } from "./rule";

/** Microsoft cloud security benchmark v1: control to its title. Rules name the control they serve, where one fits. */
const controls = {
  "AM-2": "Use only approved services",
  "AM-4": "Limit access to asset management",
  "BR-1": "Ensure regular automated backups",
  "DP-3": "Encrypt sensitive data in transit",
  "DP-7": "Use a secure certificate management process",
  "DP-8": "Ensure security of key and certificate repository",
  "DS-6": "Enforce security of workload throughout DevOps lifecycle",
  "IM-1": "Use centralized identity and authentication system",
  "IM-3": "Manage application identities securely and automatically",
  "IM-8": "Restrict the exposure of credential and secrets",
  "LT-1": "Enable threat detection capabilities",
  "LT-3": "Enable logging for security investigation",
  "LT-5": "Centralize security log management and analysis",
  "LT-6": "Configure log storage retention",
  "NS-1": "Establish network segmentation boundaries",
  "NS-2": "Secure cloud native services with network controls",
  "NS-6": "Deploy web application firewall",
  "PA-7": "Follow just enough administration (least privilege) principle",
  "PV-6": "Rapidly and automatically remediate vulnerabilities",
} as const;

export function benchmark(control: keyof typeof controls): FrameworkReference {
  return {
    name: "Microsoft cloud security benchmark",
    version: "v1",
    reference: control,
    specification: controls[control],
  };
}

/** CIS Kubernetes Benchmark v1.9.0, chapter 5, by its headings. */
const kubernetesControls = {
  "5.1.1": "Ensure that the cluster-admin role is only used where required",
  "5.1.6": "Ensure that Service Account Tokens are only mounted where necessary",
  "5.2.1": "Ensure that the cluster has at least one active policy control mechanism in place",
  "5.2.5": "Minimize the admission of containers wishing to share the host network namespace",
  "5.3.1": "Ensure that the CNI in use supports NetworkPolicies",
  "5.3.2": "Ensure that all Namespaces have NetworkPolicies defined",
  "5.4.2": "Consider external secret storage",
  "5.7.3": "Apply SecurityContext to your Pods and Containers",
} as const;

export function kubernetesBenchmark(control: keyof typeof kubernetesControls): FrameworkReference {
  return {
    name: "CIS Kubernetes Benchmark",
    version: "v1.9.0",
    reference: control,
    specification: kubernetesControls[control],
  };
}
