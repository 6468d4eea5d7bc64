import type { Entry } from "../../vocabulary";
import { activeMonitoring } from "./active-monitoring";
import { after } from "./after";
import { conditions } from "./conditions";
import { evidence } from "./evidence";
import { incidents } from "./incidents";
import { levels } from "./levels";
import { messages } from "./messages";
import { migration } from "./migration";
import { people } from "./people";
import { prerequisites } from "./prerequisites";
import { records } from "./records";
import { release } from "./release";
import { rollback } from "./rollback";
import { smokeTests } from "./smoke";
import { stack } from "./stack";
import { superseded } from "./superseded";
import { watch } from "./watch";
import { windows } from "./windows";

/** The runbook of tesoro-xp as data, room by room, in the order of a release; every statement has one owner. */
export const entries: readonly Entry[] = [
  ...stack,
  ...windows,
  ...prerequisites,
  ...conditions,
  ...evidence,
  ...people,
  ...messages,
  ...records,
  ...migration,
  ...release,
  ...smokeTests,
  ...watch,
  ...activeMonitoring,
  ...levels,
  ...rollback,
  ...incidents,
  ...after,
  ...superseded,
];
