import { holdsFor } from "../../runbooks/holds-for";
import type { Environment } from "../../runbooks/model";
import { environmentOf } from "../environment";
import type { RuleConfig } from "../rule";
import type { PolicyRun } from "../run/policy-run";
import { type RunPlace, type RunRule, stackType } from "../run/run-rule";
import { platform, systems } from "../systems";
import { type Finding, type Judgement, judged, notApplicable, violation } from "../verdict";

const components: ReadonlyMap<string, string> = new Map(
  systems.filter((system) => system !== platform).map(({ component, name }) => [component, name]),
);

/** What the run of a release tells this rule, beside making it mandatory. */
interface EvidenceConfig {
  /** The system that is released: evidence of others is not asked for. */
  readonly system?: string;
  /** Digests of what is about to go live, by component or kind of subject. */
  readonly candidate?: Readonly<Record<string, string>>;
  /** Kinds of this release, as `releases` of an entry names them. @default every entry holds */
  readonly releases?: readonly string[];
  /** Entries that an approver waived; only those count that may be waived. */
  readonly waived?: readonly string[];
}

/**
 * One finding per entry that is not met, at the system's component: that is registered before anything of the system, so
 * that a run in which this is mandatory changes nothing. What is wrong with the store itself is said once, at the stack.
 */
export const evidence: RunRule = {
  name: "evidence",
  topic: "governance",
  displayName: "What the runbook wants shown is signed",
  description: "Each piece of evidence that a runbook asks for is there, signed by whom it names, and fresh.",
  severity: "high",
  enforcementLevel: "advisory",
  ids: [],
  remediationSteps:
    "Sign what is missing with npx switchyard evidence sign (docs/evidence.md); ordinary previews only tell, a release refuses.",
  configSchema: {
    properties: {
      system: { type: "string", enum: [...components.values()] },
      candidate: {
        type: "object",
        additionalProperties: { type: "string", pattern: "^(sha256:)?[0-9a-f]{64}$" },
      },
      releases: { type: "array", items: { type: "string" } },
      waived: { type: "array", items: { type: "string" } },
    },
  },
  at: [stackType, ...components.keys()],
  async evaluate(place, run, config) {
    const told = config as RuleConfig & EvidenceConfig;
    const environment = environmentOf(run.settings.stack);
    if (run.settings.evidence === undefined) return unconfigured(place, environment, told);
    return place.type === stackType
      ? storeJudgement(place, run)
      : systemJudgement(place, run, told, environment);
  },
};

/** Dev is for everybody: unless a release asks, nobody need sign there. */
function unconfigured(
  { urn, type }: RunPlace,
  environment: Environment,
  { system }: EvidenceConfig,
): Judgement {
  if (environment === "dev" && system === undefined) return notApplicable("dev keeps no evidence");
  if (type !== stackType) return notApplicable("no evidence is configured; that is said at the stack");
  const message = "no place for evidence is configured: set switchyard:evidence (docs/evidence.md)";
  return judged([violation(urn, message)]);
}

async function storeJudgement({ urn }: RunPlace, run: PolicyRun): Promise<Judgement> {
  const { faults, unreadable } = await run.evidence();
  return judged([
    ...faults.map((fault) => violation(urn, fault)),
    ...unreadable.map(({ file, message }) => violation(urn, `malformed: ${file}: ${message}`)),
  ]);
}

async function systemJudgement(
  { urn, type }: RunPlace,
  run: PolicyRun,
  { system, candidate, releases, waived = [] }: EvidenceConfig,
  environment: Environment,
): Promise<Judgement> {
  const name = components.get(type) ?? "";
  if (system !== undefined && system !== name) return notApplicable(`this run is about ${system}`);
  const { items, root } = await run.evidence();
  if (!root) return notApplicable("nothing can be verified; that is said at the stack");
  const [{ contracts }, { missingEvidence }] = await Promise.all([
    import("../../runbooks/contracts.js"),
    import("./judge.js"),
  ]);
  const entries = contracts.find((contract) => contract.system === name)?.entries ?? [];
  const { now } = run.settings;
  const findings: Finding[] = [];
  for (const entry of entries) {
    if (entry.word !== "evidence" || !entry.on.includes(environment)) continue;
    if (releases && !holdsFor(entry, releases)) continue;
    if (entry.waivable && waived.includes(entry.name)) continue;
    const question = { system: name, environment, now, root, ...(candidate && { candidate }) };
    const why = missingEvidence(entry, items, question);
    const ids = entry.ids.length > 0 ? ` [${entry.ids.join(", ")}]` : "";
    if (why !== undefined) findings.push(violation(urn, `${entry.name}: ${why}${ids}`));
  }
  return judged(findings);
}
