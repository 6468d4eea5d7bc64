import { define } from "../define";
import type { ResourceType } from "../model";
import { containerApps } from "./container-apps";
import { containers } from "./containers";
import { cosmos } from "./cosmos";
import { edge } from "./edge";
import { foundation } from "./foundation";
import { network } from "./network";
import { observability } from "./observability";
import { postgresql } from "./postgresql";
import { privateNetwork } from "./private-network";
import { prometheus } from "./prometheus";
import { redisAndMongo } from "./redis-and-mongo";
import { sql } from "./sql";
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
  ...containers,
  ...containerApps,
  ...prometheus,
  ...edge,
  ...privateNetwork,
  ...postgresql,
  ...sql,
  ...redisAndMongo,
].map(define);
