import type { EngineEvent, StepMetadata } from "./engine-event";
import { collectSecretTexts } from "./secret-texts";

/**
 * What a report needs of the engine's events, taken from each as it comes. An event carries the whole state of its
 * resource before and after, ten megabytes for a thousand resources; kept are those of resources that change, and of all
 * others the texts that no report may repeat.
 */
export class GatheredEvents {
  /** In the order of their arrival. States of resources that do not change are left out. */
  readonly events: EngineEvent[] = [];
  /** Texts that stand in clear where a secret belongs, in any event. */
  readonly secrets = new Set<string>();

  static of(events: Iterable<EngineEvent>): GatheredEvents {
    const gathered = new GatheredEvents();
    for (const event of events) gathered.add(event);
    return gathered;
  }

  add(event: EngineEvent): void {
    const kind = stepKinds.find((each) => event[each] !== undefined);
    const step = kind && event[kind]?.metadata;
    for (const state of [step?.old, step?.new]) if (state) collectSecretTexts(state, this.secrets);
    const isKept = step === undefined || (kind === "resourcePreEvent" && isDifference(step));
    this.events.push(
      isKept ? event : { ...event, [kind!]: { ...event[kind!], metadata: withoutStates(step) } },
    );
  }
}

/** Events that tell of a step carry its states. */
const stepKinds = ["resourcePreEvent", "resOutputsEvent", "resOpFailedEvent"] as const;

/** Whether a report shows what differs between the two states. */
export function isDifference({ op }: Pick<StepMetadata, "op">): boolean {
  return op !== "create" && op !== "delete" && op !== "same";
}

function withoutStates({ old: _old, new: _new, ...step }: StepMetadata): StepMetadata {
  return step;
}
