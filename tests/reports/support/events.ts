import type { EngineEvent, StepMetadata } from "../../../reports/engine-event";
import type { RuleDescription } from "../../../reports/model";

/** Events as the engine writes them, for tests of reports. */
export const urn = (type: string, name: string, chain = "") =>
  `urn:pulumi:dev::switchyard::${chain === "" ? "" : `${chain}$`}${type}::${name}`;

let sequence = 0;
export const event = (body: Partial<EngineEvent>): EngineEvent => ({
  sequence: sequence++,
  timestamp: 0,
  ...body,
});

export const step = (op: string, target: string, extra: Partial<StepMetadata> = {}) =>
  event({
    resourcePreEvent: {
      metadata: {
        op,
        urn: target,
        type: target.split("::")[2]?.split("$").at(-1) as string,
        ...extra,
      },
    },
  });

export const violation = (rule: string, target: string, message: string, level = "mandatory") =>
  event({
    policyEvent: {
      resourceUrn: target,
      message,
      policyName: rule,
      policyPackName: "switchyard",
      policyPackVersion: "0.1.0",
      enforcementLevel: level,
    },
  });

export const passed = (target: string, rules: readonly string[]) =>
  event({ policyAnalyzeSummaryEvent: { resourceUrn: target, policyPackName: "switchyard", passed: rules } });

export const diagnostic = (severity: "warning" | "error", message: string, target = "") =>
  event({ diagnosticEvent: { severity, message, urn: target } });

const benchmark = {
  name: "Microsoft cloud security benchmark",
  version: "v1",
  reference: "BR-1",
  specification: "Ensure regular automated backups",
};
const cardholderData = {
  name: "PCI DSS",
  version: "4.0",
  reference: "1.3.1",
  specification: "Inbound traffic to the cardholder data environment is restricted",
};

export const rules: readonly RuleDescription[] = [
  "tags",
  "vault-network",
  "storage-https",
  "never-used",
  "cosmos-backup",
].map((name) => ({
  name,
  level: name === "tags" ? "advisory" : "mandatory",
  title: `Title of ${name}`,
  description: `What ${name} asks for.`,
  topic: "data",
  severity: "high",
  ids: ["KIR-001"],
  remediation: `Mend ${name}.`,
  url: `docs/policies.md#${name}`,
  framework: benchmark,
  frameworks: name === "vault-network" ? [benchmark, cardholderData] : [benchmark],
  tags: ["data", "KIR-001", benchmark.name, ...(name === "vault-network" ? [cardholderData.name] : [])],
}));

const kinds = ["create", "same", "update", "replace", "delete"] as const;
const systems = ["KiranaStore", "Platform", "CaseManagement", "TesoroXp", "RetailAgentic"];

/**
 * The event log of a stack of so many resources: changes of each kind, three rules each, and in every 250 one violation
 * and one undecided verdict.
 */
export function eventsOf(resources: number): EngineEvent[] {
  return Array.from({ length: resources }, (_, index) => {
    const system = systems[index % systems.length];
    const type = index % 3 === 0 ? "azure-native:storage:StorageAccount" : "kubernetes:apps/v1:Deployment";
    const target = urn(type, `resource-${String(index).padStart(5, "0")}`, `switchyard:systems:${system}`);
    const op = kinds[Math.floor(index / 7) % kinds.length] as string;
    const changes =
      op === "update" || op === "replace"
        ? {
            detailedDiff: {
              "sku.name": { diffKind: op === "update" ? "update" : "update-replace", inputDiff: true },
              "properties.note": { diffKind: "add", inputDiff: true },
            },
            old: { type, urn: target, inputs: { sku: { name: "Standard_LRS" } } },
            new: {
              type,
              urn: target,
              inputs: { sku: { name: "Standard_ZRS" }, properties: { note: "text" } },
            },
          }
        : {};
    const found =
      index % 250 === 17
        ? [violation("vault-network", target, "What vault-network asks for.\ndefaultAction is Allow\n")]
        : index % 250 === 42
          ? [violation("cosmos-backup", target, "could not be decided: backupPolicy is not known in preview")]
          : [];
    return [step(op, target, changes), passed(target, ["tags", "storage-https", "vault-network"]), ...found];
  }).flat();
}
