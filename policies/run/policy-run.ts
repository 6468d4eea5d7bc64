import { readFileSync } from "node:fs";
import type { TrustRoot } from "../../attestation/trust-root";
import type { EvidenceStore } from "../evidence/store";
import { ExemptionLedger } from "../exemptions/ledger";
import type { RunSettings } from "./run-settings";

/**
 * One run of the pack: what it exempts, and the evidence it has. All is read at most once and only when it is asked for;
 * what verifies it is loaded then, so that a run without exemptions and evidence starts as fast as without this.
 */
export class PolicyRun {
  /** Nothing to look up: every finding stands. */
  readonly exemptsNothing: boolean;
  readonly #exemptionsText: string | Error | undefined;
  #ledger: Promise<ExemptionLedger> | undefined;
  #evidence: Promise<EvidenceStore> | undefined;
  #trust: Promise<TrustRoot> | undefined;

  constructor(readonly settings: RunSettings) {
    this.#exemptionsText = textOf(settings.exemptionsFile);
    this.exemptsNothing = this.#exemptionsText === undefined;
  }

  /** What is exempted in this run, and every fault of the file that says so. */
  ledger(): Promise<ExemptionLedger> {
    this.#ledger ??= this.#openLedger();
    return this.#ledger;
  }

  /** Signed statements, as far as they are configured. */
  evidence(): Promise<EvidenceStore> {
    this.#evidence ??= import("../evidence/store.js").then(({ openEvidence }) => openEvidence(this));
    return this.#evidence;
  }

  /** @throws NoTrustError */
  trustRoot(): Promise<TrustRoot> {
    this.#trust ??= import("./trust.js").then(({ trustRootOf }) => trustRootOf(this.settings));
    return this.#trust;
  }

  async #openLedger(): Promise<ExemptionLedger> {
    const text = this.#exemptionsText;
    if (text === undefined) return new ExemptionLedger([], []);
    if (text instanceof Error) {
      return new ExemptionLedger([], [{ entry: "the file", message: `cannot be read: ${text.message}` }]);
    }
    const { openExemptions } = await import("../exemptions/open.js");
    return openExemptions(text, this);
  }
}

/** Undefined where there is no file, or only an empty list: then nothing that reads YAML is loaded. */
function textOf(file: string): string | Error | undefined {
  try {
    const text = readFileSync(file, "utf8");
    const said = text.replace(/^\s*#.*$/gm, "").trim();
    return said === "" || /^exemptions:\s*\[\s*\]$/.test(said) ? undefined : text;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : (error as Error);
  }
}
