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
    const { resourcePreEvent: before, resOutputsEvent: after, resOpFailedEvent: failed } = event;
    const step = (before ?? after ?? failed)?.metadata;
    for (const state of [step?.old, step?.new]) if (state) collectSecretTexts(state, this.secrets);
    this.events.push(
      step === undefined || (before && isDifference(step)) ? event : withoutStates(event, step),
    );
  }
}

/** Whether a report shows what differs between the two states. */
export function isDifference({ op }: Pick<StepMetadata, "op">): boolean {
  return op !== "create" && op !== "delete" && op !== "same";
}

function withoutStates(event: EngineEvent, step: StepMetadata): EngineEvent {
  const { old: _old, new: _new, ...metadata } = step;
  if (event.resourcePreEvent) return { ...event, resourcePreEvent: { ...event.resourcePreEvent, metadata } };
  if (event.resOutputsEvent) return { ...event, resOutputsEvent: { ...event.resOutputsEvent, metadata } };
  if (event.resOpFailedEvent) return { ...event, resOpFailedEvent: { ...event.resOpFailedEvent, metadata } };
  return event;
}
