import { createHash } from "node:crypto";
import { canonicalJson } from "../../attestation/canonical-json";
import { signPayload } from "../../attestation/dsse";
import type { Signer } from "../../attestation/keys";
import { statementPayloadType, statementType } from "../../attestation/statement";
import type { IncidentPlan } from "./plan";
import type { Dated, IncidentState } from "./state";

export const incidentRecordType = "https://switchyard.dev/incident-record/v1";

/** How long an incident took to be taken, and to be over; null for what did not happen. */
export interface IncidentTimes {
  readonly acknowledgedSeconds: number | null;
  readonly resolvedSeconds: number | null;
}

export function timesOf({ opened, acknowledged, closed }: IncidentState, now?: Date): IncidentTimes {
  const since = (at: string | undefined) =>
    at === undefined ? null : Math.max(0, Math.round((Date.parse(at) - Date.parse(opened.since)) / 1000));
  return {
    acknowledgedSeconds: since(acknowledged?.at),
    resolvedSeconds: since(closed?.at ?? now?.toISOString()),
  };
}

/** What is signed when an incident is closed: all that its journal says, and what of the contract nobody answered. */
export interface IncidentRecord {
  readonly incident: string;
  readonly stack: string;
  readonly system: string;
  readonly severity: string | null;
  readonly symptom: string | null;
  readonly summary: string;
  readonly since: string;
  readonly times: IncidentTimes;
  readonly rootCause: string;
  readonly resolution: string;
  readonly statements: readonly string[];
  readonly answers: Readonly<Record<string, unknown>>;
  readonly unanswered: readonly string[];
  readonly timeline: readonly Dated[];
  readonly closedBy: string;
  readonly writtenAt: string;
}

export interface ClosingWords {
  readonly stack: string;
  readonly rootCause: string;
  readonly resolution: string;
  readonly closedBy: string;
  readonly now: Date;
}

export function incidentRecord(
  plan: IncidentPlan,
  state: IncidentState,
  { stack, rootCause, resolution, closedBy, now }: ClosingWords,
): IncidentRecord {
  const { opened, answers } = state;
  const carried = [
    ...(plan.playbook === undefined ? [] : [plan.playbook]),
    ...plan.gates,
    ...plan.questions.filter(({ name }) => answers.has(name)),
    ...[...plan.messages, ...plan.ladders, ...plan.callable].filter(({ name }) =>
      state.told.some((told) => told.entry === name),
    ),
  ];
  return {
    incident: opened.incident,
    stack,
    system: plan.contract.system,
    severity: state.severity?.severity ?? null,
    symptom: opened.symptom ?? null,
    summary: opened.summary,
    since: opened.since,
    times: timesOf(state, now),
    rootCause,
    resolution,
    statements: [...new Set(carried.flatMap(({ ids }) => ids))].sort(),
    answers: Object.fromEntries([...answers].map(([entry, { answer }]) => [entry, answer])),
    unanswered: plan.questions.filter(({ name }) => !answers.has(name)).map(({ name }) => name),
    timeline: state.timeline,
    closedBy,
    writtenAt: now.toISOString(),
  };
}

export function incidentRecordName(incident: string): string {
  return `${incident.replace(/[^\w.-]/g, "-")}.dsse.json`;
}

/** An in-toto statement about the incident, in a DSSE envelope. */
export async function signedIncidentRecord(record: IncidentRecord, signer: Signer): Promise<string> {
  const predicate: unknown = JSON.parse(canonicalJson(record));
  const sha256 = createHash("sha256").update(canonicalJson(predicate)).digest("hex");
  const statement = canonicalJson({
    _type: statementType,
    subject: [{ name: record.incident, digest: { sha256 } }],
    predicateType: incidentRecordType,
    predicate,
  });
  const envelope = await signPayload(statementPayloadType, Buffer.from(statement), [signer]);
  return `${JSON.stringify(envelope)}\n`;
}
