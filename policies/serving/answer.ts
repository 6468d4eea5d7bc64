import type { ReportViolation } from "@pulumi/policy";
import { AnalyzeResponse, PolicyNotApplicable, RemediateResponse } from "@pulumi/pulumi/proto/analyzer_pb";
import type { Level } from "./configuration";
import type { ServedPolicy } from "./served-policy";

interface Diagnostic {
  readonly policyName: string;
  readonly policyPackName: string;
  readonly policyPackVersion: string;
  readonly description: string;
  readonly message: string;
  readonly enforcementLevel: Level;
  readonly urn: string | undefined;
  readonly severity: ServedPolicy["severity"];
}

/** Of the pinned SDK's own modules; it does not offer it by type. */
const { makeAnalyzeResponse } = require("@pulumi/policy/protoutil") as {
  makeAnalyzeResponse(diagnostics: readonly Diagnostic[], notApplicable: undefined): AnalyzeResponse;
};

/** Name and version under which the pack answers. */
export interface PackName {
  readonly name: string;
  readonly version: string;
}

/** One answer to the engine: what rules found, and which of them had nothing to say. */
export class Answer {
  readonly #diagnostics: Diagnostic[] = [];
  readonly #idle: string[] = [];

  constructor(private readonly pack: PackName) {}

  /** Where a rule reports what it finds, at the level that it runs at. */
  reportOf({ name, description, severity }: ServedPolicy, level: Level): ReportViolation {
    return (message, urn) => {
      this.#diagnostics.push({
        policyName: name,
        policyPackName: this.pack.name,
        policyPackVersion: this.pack.version,
        description,
        message: message === "" ? description : `${description}\n${message}`,
        enforcementLevel: level,
        urn,
        severity,
      });
    };
  }

  /** Notes that a rule had nothing to say. */
  skip({ name }: ServedPolicy): void {
    this.#idle.push(name);
  }

  bytes(): Uint8Array {
    const response = makeAnalyzeResponse(this.#diagnostics, undefined);
    response.setNotApplicableList(this.#idle.map(notApplicable));
    return response.serializeBinary();
  }
}

/** The part of an answer that says which rules had nothing to say; it may stand before another part. */
export function idleBytes(names: readonly string[]): Uint8Array {
  const response = new AnalyzeResponse();
  response.setNotApplicableList(names.map(notApplicable));
  return response.serializeBinary();
}

/** The answer that none of these rules mends anything. */
export function noRemediationBytes(names: readonly string[]): Uint8Array {
  const response = new RemediateResponse();
  response.setNotApplicableList(names.map(notApplicable));
  return response.serializeBinary();
}

function notApplicable(name: string): PolicyNotApplicable {
  const idle = new PolicyNotApplicable();
  idle.setPolicyName(name);
  return idle;
}
