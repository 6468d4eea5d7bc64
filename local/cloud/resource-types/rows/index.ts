import { define } from "../define";
import type { ResourceType } from "../model";
import { data } from "./data";
import { foundation } from "./foundation";
import { network } from "./network";
import { observability } from "./observability";
import { web } from "./web";

export const rows: readonly ResourceType[] = [
  ...foundation,
  ...observability,
  ...data,
  ...web,
  ...network,
].map(define);
