import { evidence } from "../evidence/rule";
import {
  exemptionsListed,
  exemptionsNotExpiring,
  exemptionsUsed,
  exemptionsValid,
} from "../exemptions/rules";
import type { RunRule } from "./run-rule";

/** Rules on the run of the pack itself, after those of registry.ts: the last ones say what was exempted from them. */
export const runRules: readonly RunRule[] = [
  exemptionsValid,
  exemptionsNotExpiring,
  evidence,
  exemptionsListed,
  exemptionsUsed,
];
