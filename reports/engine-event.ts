/**
 * The engine's events as its event log writes them, one JSON object a line, as far as reports read them. Seen on CLI
 * 3.232; the SDK's own `EngineEvent` type lacks the policy summaries.
 */
export interface EngineEvent {
  readonly sequence: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly resourcePreEvent?: { readonly metadata: StepMetadata; readonly planning?: boolean };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata; readonly planning?: boolean };
  readonly resOpFailedEvent?: {
    readonly metadata: StepMetadata;
    readonly status: number;
    readonly steps: number;
  };
  readonly diagnosticEvent?: DiagnosticEvent;
  readonly policyEvent?: PolicyEvent;
  readonly policyAnalyzeSummaryEvent?: PolicySummary & { readonly resourceUrn: string };
  readonly policyAnalyzeStackSummaryEvent?: PolicySummary;
  readonly summaryEvent?: {
    readonly maybeCorrupt: boolean;
    readonly durationSeconds: number;
    readonly resourceChanges: Readonly<Record<string, number>>;
    readonly PolicyPacks?: Readonly<Record<string, string>>;
  };
}

export interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old?: StepState | null;
  readonly new?: StepState | null;
  readonly keys?: readonly string[] | null;
  readonly diffs?: readonly string[] | null;
  /** Null where the provider gave none: not the same as an empty map. */
  readonly detailedDiff?: Readonly<
    Record<string, { readonly diffKind: string; readonly inputDiff: boolean }>
  > | null;
  readonly logical?: boolean;
  readonly provider?: string;
}

export interface StepState {
  readonly type: string;
  readonly urn: string;
  readonly custom?: boolean;
  readonly id?: string;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface DiagnosticEvent {
  readonly urn?: string;
  readonly prefix?: string;
  readonly message: string;
  readonly color?: string;
  readonly severity: "debug" | "info" | "info#err" | "warning" | "error";
  readonly ephemeral?: boolean;
}

export interface PolicyEvent {
  readonly resourceUrn?: string;
  readonly message: string;
  readonly policyName: string;
  readonly policyPackName: string;
  readonly policyPackVersion: string;
  readonly enforcementLevel: string;
  readonly severity?: string;
}

export interface PolicySummary {
  readonly policyPackName: string;
  readonly policyPackVersion?: string;
  readonly passed?: readonly string[];
  readonly failed?: readonly string[];
}

/** A line of an event log that is no event: the log is another file, or was damaged. */
export class EventLogError extends Error {
  override readonly name = "EventLogError";
}

/**
 * Parses an event log. A last line without its line feed is one that the engine had not finished writing when it was
 * ended: it is left out.
 *
 * @param linesBefore How many lines of the log precede the text.
 * @throws EventLogError for any other line that is not a JSON object; its text is not repeated.
 */
export function parseEventLog(text: string, linesBefore = 0): EngineEvent[] {
  const events: EngineEvent[] = [];
  const complete = text.slice(0, text.lastIndexOf("\n") + 1);
  for (const [index, line] of complete.split("\n").entries()) {
    if (line !== "") events.push(parseEvent(line, linesBefore + index + 1));
  }
  return events;
}

function parseEvent(line: string, number: number): EngineEvent {
  try {
    const event: unknown = JSON.parse(line);
    if (typeof event === "object" && event !== null && !Array.isArray(event)) return event as EngineEvent;
  } catch {
    // What JSON.parse says of it would repeat a part of the line.
  }
  throw new EventLogError(
    `line ${number} of the engine's event log is not an event (${line.length} characters)`,
  );
}

/** Removes the engine's colour marks, `<{%fg 13%}>`, ANSI escapes and other control characters. */
export function plainText(message: string): string {
  return (
    message
      .replace(/<\{%[^%]*%\}>/g, "")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: ANSI escapes begin with one
      .replace(/\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?)/g, "")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those that no format can hold
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")
  );
}
