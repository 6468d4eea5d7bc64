import type { Entry } from "../../runbooks/vocabulary";
import type { Plan } from "../plan/plan";
import { UserError } from "../user-error";
import { badSamples, calm, type Fault, manners, type Scenario, writeFaults } from "./scenario";

/**
 * How a fault is written: KIND[:WHAT][=HOW][@FROM[+FOR]], times in minutes from the release's start; of what is taken back,
 * from its end.
 */
export const faultForms = [
  `gate:NAME[=${badSamples.join("|")}][@FROM[+FOR]]`,
  "never-ready[:TRACK]",
  "unready[:TRACK][=candidate|live]@FROM[+FOR]",
  `write:NUMBER[=${writeFaults.join("|")}]`,
  "evidence:NAME",
  "say:hold|resume|promote|rollback|restore|abort@FROM",
  "store-away@FROM+FOR",
  "killed:ENTRY",
  "killed-at-write:NUMBER",
  "elsewhere",
  "stopped@FROM+FOR",
  "clock-back@FROM+BY",
  `people:${manners.join("|")}`,
  "taken-back[=restore]@FROM",
] as const;

/** What one of these says of a scenario. */
type Said =
  | { readonly fault: Fault }
  | Pick<Scenario, "people">
  | Required<Pick<Scenario, "elsewhere">>
  | Required<Pick<Scenario, "takenBack">>;

const form = /^([a-z-]+)(?::([^=@]+))?(?:=(\w+))?(?:@(\d+(?:\.\d+)?)(?:\+(\d+(?:\.\d+)?))?)?$/;
const commands = ["hold", "resume", "promote", "rollback", "restore", "abort"] as const;
const forGood = Number.MAX_SAFE_INTEGER;

/**
 * A scenario in which exactly these things go wrong.
 * @throws UserError for a fault that is none, or that names what the plan does not have
 */
export function scriptedScenario(plan: Plan, texts: readonly string[], seed = 1): Scenario {
  let scenario = calm(seed);
  for (const text of texts) {
    const said = parseFault(text, plan);
    scenario =
      "fault" in said ? { ...scenario, faults: [...scenario.faults, said.fault] } : { ...scenario, ...said };
  }
  return scenario;
}

/**
 * @param plan that has what the fault names. @default - only how it is written is looked at
 * @throws UserError for a fault that is none
 */
export function parseFault(text: string, plan?: Plan): Said {
  return new FaultText(text).parse(plan);
}

class FaultText {
  private readonly what: string | undefined;
  private readonly how: string | undefined;
  private readonly from: number | undefined;
  private readonly lasts: number | undefined;
  private readonly kind: string;

  constructor(private readonly text: string) {
    const match = form.exec(text);
    if (match === null) throw this.wrong("this is not how a fault is written");
    const [, kind, what, how, from, lasts] = match;
    this.kind = kind!;
    this.what = what;
    this.how = how;
    this.from = from === undefined ? undefined : Number(from) * 60;
    this.lasts = lasts === undefined ? undefined : Number(lasts) * 60;
  }

  parse(plan: Plan | undefined): Said {
    switch (this.kind) {
      case "people":
        return { people: this.oneOf(manners) };
      case "elsewhere":
        return { elsewhere: true };
      case "taken-back": {
        if (plan?.stack !== undefined)
          throw this.wrong("an update of a stack alone moved no traffic to take back");
        const restore = this.how !== undefined && this.manner(["restore"] as const, "restore") === "restore";
        const afterSeconds = this.timed().fromSeconds;
        return { takenBack: { afterSeconds, ...(restore && { restore }) } };
      }
      default:
        return { fault: this.fault(plan) };
    }
  }

  private fault(plan: Plan | undefined): Fault {
    const span = { fromSeconds: this.from ?? 0, forSeconds: this.lasts ?? forGood };
    switch (this.kind) {
      case "gate": {
        const gate = this.entry(plan, "metricGate", "checkGate");
        return { kind: "gate", gate, seen: this.manner(badSamples, "breach"), ...span };
      }
      case "never-ready":
        return { kind: "neverReady", track: this.track(plan) };
      case "unready": {
        const side = this.manner(["candidate", "live"] as const, "candidate");
        return { kind: "unready", track: this.track(plan), side, ...this.timed() };
      }
      case "write":
        return { kind: "write", number: this.number(), how: this.manner(writeFaults, "failsOnce") };
      case "evidence":
        return { kind: "evidence", entry: this.entry(plan, "evidence") };
      case "say": {
        const said = this.oneOf(commands);
        const atSeconds = this.timed().fromSeconds;
        // As `release rollback --restore` is.
        if (said === "restore") return { kind: "command", command: "rollback", restore: true, atSeconds };
        return { kind: "command", command: said, atSeconds };
      }
      case "store-away":
        return { kind: "storeAway", ...this.timed() };
      case "killed":
        return { kind: "killedAtEntry", number: this.number(), durable: true };
      case "killed-at-write":
        return { kind: "killedAtWrite", number: this.number(), carriedOut: true };
      case "stopped":
        return { kind: "stopped", ...this.timed() };
      case "clock-back": {
        const { fromSeconds, forSeconds } = this.timed();
        return { kind: "clockSet", atSeconds: fromSeconds, bySeconds: -forSeconds };
      }
      default:
        throw this.wrong(`there is no fault ${this.kind}`);
    }
  }

  private oneOf<Name extends string>(names: readonly Name[]): Name {
    const found = names.find((name) => name === this.what);
    if (found !== undefined) return found;
    throw this.wrong(
      `${this.what === undefined ? "it names nothing" : `there is no ${this.what}`}; allowed: ${names.join(", ") || "none in this plan"}`,
    );
  }

  private manner<Name extends string>(names: readonly Name[], usual: Name): Name {
    const found = this.how === undefined ? usual : names.find((name) => name === this.how);
    if (found !== undefined) return found;
    throw this.wrong(`there is no ${this.how}; allowed: ${names.join(", ")}`);
  }

  private track(plan: Plan | undefined): string {
    if (plan === undefined) return this.what ?? "";
    const tracks = plan.facts.tracks.map(({ name }) => name);
    return this.what === undefined ? tracks[0]! : this.oneOf(tracks);
  }

  /** An entry of the plan of one of these words. */
  private entry(plan: Plan | undefined, ...words: readonly Entry["word"][]): string {
    if (plan === undefined) return this.what ?? "";
    const entries = Object.values(plan.entries).filter(({ word }) => words.includes(word));
    return this.oneOf(entries.map(({ name }) => name));
  }

  private number(): number {
    const number = Number(this.what);
    if (Number.isInteger(number) && number > 0) return number;
    throw this.wrong("it wants a whole number above 0 after the colon");
  }

  private timed(): { fromSeconds: number; forSeconds: number } {
    if (this.from === undefined) throw this.wrong("it wants a time: @MINUTES");
    return { fromSeconds: this.from, forSeconds: this.lasts ?? forGood };
  }

  private wrong(why: string): UserError {
    return new UserError(`--fault ${this.text}: ${why}`, { mend: `Faults: ${faultForms.join("; ")}` });
  }
}
