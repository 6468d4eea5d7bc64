import type { ReportViolation } from "@pulumi/policy";
import type { AnalyzeRequest, AnalyzeStackRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import { Answer, idleBytes, noRemediationBytes, type PackName } from "./answer";
import type { Level, PackConfiguration } from "./configuration";
import type { Asking, ServedPolicy, ServedResourcePolicy, ServedStackPolicy } from "./served-policy";
import { subjectOf } from "./subject";

/** Of the pinned SDK's own modules; it does not offer it by type. */
const { asGrpcError } = require("@pulumi/policy/protoutil") as {
  asGrpcError(error: unknown, message: string): Error;
};

/** Rules that run on resources of one type, and the answer of all others. */
interface OfType {
  readonly asked: readonly ServedResourcePolicy[];
  readonly others: Uint8Array;
}

/**
 * Answers the engine's calls with the verdicts of a pack's rules. `@pulumi/policy` does the same, but unpacks a resource
 * anew for every rule that looks at it, the whole stack for every rule on the stack, and goes through all rules for each
 * resource: half of the pack's time.
 */
export class Analyses {
  readonly #resourcePolicies: readonly ServedResourcePolicy[];
  readonly #stackPolicies: readonly ServedStackPolicy[];
  readonly #types = new Map<string, OfType>();
  readonly #noRemediation: Uint8Array;

  constructor(
    private readonly pack: PackName,
    policies: readonly ServedPolicy[],
    private readonly configuration: PackConfiguration,
  ) {
    this.#resourcePolicies = policies.filter((policy) => "validateResource" in policy);
    this.#stackPolicies = policies.filter((policy) => "validateStack" in policy);
    this.#noRemediation = noRemediationBytes(namesOf(this.#resourcePolicies));
  }

  /** Bytes of an `AnalyzeResponse`. @throws what a rule throws */
  async ofResource(request: AnalyzeRequest): Promise<Uint8Array> {
    const { asked, others } = this.#of(request.getType());
    if (asked.length === 0) return others;
    const answer = new Answer(this.pack);
    const subject = subjectOf(request);
    for (const policy of asked) {
      await this.#ask(policy, answer, (asking, report) =>
        policy.validateResource({ ...subject, ...asking }, report),
      );
    }
    return Buffer.concat([others, answer.bytes()]);
  }

  /** Bytes of an `AnalyzeResponse`. @throws what a rule throws */
  async ofStack(request: AnalyzeStackRequest): Promise<Uint8Array> {
    const answer = new Answer(this.pack);
    const resources = request.getResourcesList().map(subjectOf);
    const types = new Set(resources.map(({ type }) => type));
    for (const policy of this.#stackPolicies) {
      if (policy.looksAt && !policy.looksAt.some((type) => types.has(type))) answer.skip(policy);
      else
        await this.#ask(policy, answer, (asking, report) =>
          policy.validateStack({ ...asking, resources }, report),
        );
    }
    return answer.bytes();
  }

  /** Bytes of a `RemediateResponse`, the same for every resource: no rule changes what it looks at. */
  remediation(): Uint8Array {
    return this.#noRemediation;
  }

  async #ask(
    policy: ServedPolicy,
    answer: Answer,
    validate: (asking: Asking, report: ReportViolation) => void | Promise<void>,
  ): Promise<void> {
    const { name } = policy;
    const level = this.#levelOf(policy);
    if (level === "disabled") return answer.skip(policy);
    const asking = { getConfig: <T>() => this.configuration.propertiesOf(name) as T, notApplicable };
    try {
      // Most rules answer at once; waiting for each would cost a turn of the event loop.
      const later = validate(asking, answer.reportOf(policy, level));
      if (later) await later;
    } catch (error) {
      if (!(error instanceof NotApplicable))
        throw asGrpcError(error, `Error validating with policy '${name}'`);
      answer.skip(policy);
    }
  }

  #of(type: string): OfType {
    let known = this.#types.get(type);
    if (!known) {
      const looks = ({ looksAt }: ServedPolicy) => !looksAt || looksAt.includes(type);
      const others = this.#resourcePolicies.filter((policy) => !looks(policy));
      known = { asked: this.#resourcePolicies.filter(looks), others: idleBytes(namesOf(others)) };
      this.#types.set(type, known);
    }
    return known;
  }

  #levelOf({ name, enforcementLevel }: ServedPolicy): Level {
    return this.configuration.levelOf(name, (enforcementLevel ?? "mandatory") as Level);
  }
}

class NotApplicable extends Error {}

function notApplicable(reason?: string): never {
  throw new NotApplicable(reason);
}

function namesOf(policies: readonly ServedPolicy[]): readonly string[] {
  return policies.map(({ name }) => name);
}
