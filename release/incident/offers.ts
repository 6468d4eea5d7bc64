import { isDeepStrictEqual } from "node:util";
import type { Action } from "../../runbooks/vocabulary/actions";
import type { EntryOfWord } from "../engine/parts";
import { actionWords } from "../plan/words";

type Playbook = EntryOfWord<"playbook">;

/** Something that may be done in an incident, once somebody has said so. */
export interface Offer {
  /** By which `--do` names it; unique in its playbook. */
  readonly name: string;
  readonly title: string;
  /** Entry of the contract that offers it. */
  readonly entry: string;
  readonly does?: Action;
  /** What a person or Pulumi changes. */
  readonly change?: string;
  readonly confirmedBy: string;
  readonly expiresMinutes?: number;
  /** Step of the contract that is the same action. */
  readonly step?: EntryOfWord<"step">;
}

/** Who carries an offer out: this engine, the one of releases by its own commands, or people by their hands. */
export type CarriedOutBy = "engine" | "release" | "person";

export function carriedOutBy({ does }: Offer): CarriedOutBy {
  switch (does?.action) {
    case "restart":
    case "purge":
    case "backup":
      return "engine";
    case "scale":
      return does.side === "live" ? "engine" : "release";
    case "traffic":
    case "deploy":
    case "restore":
    case "migrate":
      return "release";
    case "tag":
    case "workflow":
    case "write-record":
    case undefined:
      return "person";
  }
}

/** A playbook's offers under names that are made of what they do: `restart`, `scale-to-5`, `change`, `change-2`. */
export function offersOf(playbook: Playbook): readonly Offer[] {
  const used = new Map<string, number>();
  return playbook.offers.map((offered) => {
    const plain = nameOf(offered.does);
    const times = (used.get(plain) ?? 0) + 1;
    used.set(plain, times);
    return { ...offered, entry: playbook.name, name: times === 1 ? plain : `${plain}-${times}` };
  });
}

function nameOf(does: Action | undefined): string {
  if (does === undefined) return "change";
  switch (does.action) {
    case "scale":
      return `scale-to-${does.to}`;
    case "traffic":
      return `traffic-${does.move}`;
    case "deploy":
      return does.version === "previous" ? "deploy-previous" : "deploy";
    default:
      return does.action;
  }
}

/** What it will do, in words. */
export function offerWords(offer: Offer): string {
  if (offer.does === undefined) return offer.change ?? `nothing by itself: ${offer.title}`;
  if (offer.does.action === "traffic" && offer.does.move === "back")
    return "all traffic back to the version before";
  return actionWords(offer.does, { live: "the live side", idle: "the other side" });
}

/** How it is undone, in words. */
export function undoOf({ does }: Offer): string {
  switch (does?.action) {
    case "restart":
      return "nothing to undo: pods are replaced one after the other, and a site is away for the moment of its restart";
    case "scale":
      return does.to === "declared"
        ? "not needed: it is what the stack declares"
        : does.to === 0
          ? "scale-to-declared; the autoscaler leaves a side without pods alone"
          : "by the autoscaler, once it has fewer to do; what stays is asked about when its time is over";
    case "purge":
      return "not needed: what is asked for is cached again";
    case "backup":
      return "not needed: nothing is changed";
    case "traffic":
    case "deploy":
      return "by the release: rollback, or a release of the version that was live";
    case "restore":
      return "the store as it was stays beside the restored one; the secret is switched back in the vault";
    default:
      return "by whoever did it, with the follow-up that it opens";
  }
}

export function sameAction(left: Action, right: Action | undefined): boolean {
  return isDeepStrictEqual(left, right);
}
