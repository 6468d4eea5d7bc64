import { type Judgement, judged, notApplicable } from "../verdict";
import type { Exemption } from "./exemption";

/** What is wrong with an entry of exemptions.yaml, or with the file. */
export interface ExemptionFault {
  /** Which entry, as a person finds it. */
  readonly entry: string;
  readonly message: string;
}

export interface ExemptionUse {
  readonly exemption: Exemption;
  /** Resource whose finding it covers. */
  readonly urn: string;
}

/** The exemptions that hold in this run, and what they were used for. */
export class ExemptionLedger {
  readonly #uses = new Map<string, ExemptionUse>();

  constructor(
    readonly exemptions: readonly Exemption[],
    readonly faults: readonly ExemptionFault[],
  ) {}

  /** In order of their first use. */
  get uses(): readonly ExemptionUse[] {
    return [...this.#uses.values()];
  }

  get unused(): readonly Exemption[] {
    const used = new Set(this.uses.map(({ exemption }) => exemption));
    return this.exemptions.filter((exemption) => !used.has(exemption));
  }

  /**
   * Takes exempted violations out of a judgement and notes them. What could not be decided stays: nobody knows what would
   * be overlooked. A judgement of which nothing is left did not pass; it says that it was exempted.
   */
  apply(rule: string, judgement: Judgement): Judgement {
    if (!judgement.applies || judgement.findings.length === 0) return judgement;
    const left = judgement.findings.filter(({ kind, urn }) => {
      const exemption = kind === "violation" ? this.#covering(rule, urn) : undefined;
      if (exemption) this.#uses.set(`${rule}\n${urn}`, { exemption, urn });
      return exemption === undefined;
    });
    if (left.length > 0) return judged(left);
    return notApplicable("what it found is exempted; exemptions-listed says by whom");
  }

  #covering(rule: string, urn: string): Exemption | undefined {
    return this.exemptions.find((exemption) => exemption.rule === rule && exemption.matches(urn));
  }
}
