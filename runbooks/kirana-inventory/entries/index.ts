import type { Entry } from "../../vocabulary";
import { acceptance } from "./acceptance";
import { afterSwap } from "./after-swap";
import { alertEntries } from "./alerts";
import { checklist } from "./checklist";
import { codeQuality } from "./code-quality";
import { deploy } from "./deploy";
import { domains } from "./domains";
import { followUps } from "./follow-ups";
import { hardening } from "./hardening";
import { incidents } from "./incidents";
import { messages } from "./messages";
import { people } from "./people";
import { rampGates } from "./ramp";
import { readiness } from "./readiness";
import { records } from "./records";
import { rollback } from "./rollback";
import { schedule } from "./schedule";
import { security } from "./security";
import { smokeTests } from "./smoke";
import { stack } from "./stack";
import { superseded } from "./superseded";
import { watchGates } from "./watch";

/** The runbook of kirana-inventory, statement by statement, in its order. */
export const entries: readonly Entry[] = [
  ...stack,
  ...alertEntries,
  ...hardening,
  ...codeQuality,
  ...security,
  ...acceptance,
  ...readiness,
  ...schedule,
  ...smokeTests,
  ...deploy,
  ...rampGates,
  ...afterSwap,
  ...domains,
  ...watchGates,
  ...checklist,
  ...people,
  ...rollback,
  ...messages,
  ...records,
  ...followUps,
  ...incidents,
  ...superseded,
];
