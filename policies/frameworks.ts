import type { FrameworkReference } from "./rule";

/** Microsoft cloud security benchmark v1: control to its title. Rules name the control they serve, where one fits. */
const controls = {
  "AM-2": "Use only approved services",
  "BR-1": "Ensure regular automated backups",
  "BR-2": "Protect backup and recovery data",
  "DP-3": "Encrypt sensitive data in transit",
  "DP-8": "Ensure security of key and certificate repository",
  "IM-3": "Manage application identities securely and automatically",
  "IM-8": "Restrict the exposure of credential and secrets",
  "LT-3": "Enable logging for security investigation",
  "LT-5": "Centralize security log management and analysis",
  "LT-6": "Configure log storage retention",
  "NS-2": "Secure cloud services with network controls",
  "PA-7": "Follow just enough administration (least privilege) principle",
} as const;

export function benchmark(control: keyof typeof controls): FrameworkReference {
  return {
    name: "Microsoft cloud security benchmark",
    version: "v1",
    reference: control,
    specification: controls[control],
  };
}
