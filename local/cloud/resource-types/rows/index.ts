import { define } from "../define";
import type { ResourceType } from "../model";
import { cosmos } from "./cosmos";
import { foundation } from "./foundation";
import { network } from "./network";
import { observability } from "./observability";
import { storage } from "./storage";
import { vault } from "./vault";
import { web } from "./web";

export const rows: readonly ResourceType[] = [
  ...foundation,
  ...observability,
  ...cosmos,
  ...storage,
  ...vault,
  ...web,
  ...network,
].map(define);
