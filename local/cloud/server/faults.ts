import { randomUUID } from "node:crypto";
import { UserError } from "../../user-error";
import { armTypeOf, byArmId, isJson, resourceTypes } from "../resource-types";

export type FaultKind = "throttle" | "error" | "latency" | "stuck";

/** A fault on demand. `times` counts down with every request that it hits. */
export interface Fault {
  match: {
    method?: string;
    /** A regular expression over the request's path, without regard to case. */
    idPattern?: string;
    /** ARM type or SDK token. */
    type?: string;
  };
  kind: FaultKind;
  /** @default 1 */
  times?: number;
  /** Seconds of `Retry-After`, for `throttle`. @default 1 */
  retryAfterSeconds?: number;
  /** Milliseconds, for `latency`. @default 1000 */
  milliseconds?: number;
}

export interface ActiveFault extends Fault {
  id: string;
  times: number;
  hits: number;
}

/** What each kind may say besides `times` and `match`, and the methods whose requests it can hit. */
const KINDS: Readonly<
  Record<FaultKind, { readonly options: readonly string[]; readonly methods: readonly string[] }>
> = {
  throttle: { options: ["retryAfterSeconds"], methods: ["GET", "PUT", "PATCH", "DELETE", "POST"] },
  error: { options: [], methods: ["GET", "PUT", "PATCH", "DELETE", "POST"] },
  latency: { options: ["milliseconds"], methods: ["GET", "PUT", "PATCH", "DELETE", "POST"] },
  // Only what is begun can hang.
  stuck: { options: [], methods: ["PUT", "PATCH", "DELETE", "POST"] },
};

export class Faults {
  private active: ActiveFault[] = [];

  /** @throws UserError for an unknown kind, a wrong pattern or a wrong number. */
  add(value: unknown): ActiveFault {
    const fault = parseFault(value);
    const entry = { ...fault, id: randomUUID(), times: fault.times ?? 1, hits: 0 };
    this.active.push(entry);
    return entry;
  }

  list(): ActiveFault[] {
    return this.active;
  }

  clear(): number {
    const count = this.active.length;
    this.active = [];
    return count;
  }

  /** Takes one hit from the first fault of the given kinds that matches. */
  take(method: string, id: string, kinds: readonly FaultKind[]): ActiveFault | undefined {
    const found = this.active.find((fault) => kinds.includes(fault.kind) && matches(fault, method, id));
    if (found === undefined) return undefined;
    found.times -= 1;
    found.hits += 1;
    this.active = this.active.filter((fault) => fault.times > 0);
    return found;
  }
}

function matches({ match }: Fault, method: string, id: string): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (match.idPattern !== undefined && !new RegExp(match.idPattern, "i").test(id)) return false;
  if (match.type === undefined) return true;
  const wanted = match.type.toLowerCase();
  return [byArmId(id)?.token, byArmId(id)?.armType, armTypeOf(id)].some(
    (type) => type?.toLowerCase() === wanted,
  );
}

function isKnownType(name: string): boolean {
  const wanted = name.toLowerCase();
  return resourceTypes.some(
    ({ token, armType }) => token.toLowerCase() === wanted || armType.toLowerCase() === wanted,
  );
}

function parseFault(value: unknown): Fault {
  const refuse = (text: string): never => {
    throw new UserError(text);
  };
  const known = Object.keys(KINDS);
  if (!isJson(value) || !known.includes(String(value.kind))) {
    return refuse(
      `kind is ${JSON.stringify(isJson(value) ? value.kind : value)}; allowed: ${known.join(", ")}`,
    );
  }
  const kind = value.kind as FaultKind;
  const { options, methods } = KINDS[kind];
  const fitting = ["times", ...options];
  for (const [key, given] of Object.entries(value)) {
    if (given !== undefined && !["kind", "match", ...fitting].includes(key))
      refuse(`${key} is nothing to a fault of kind ${kind}; allowed: ${fitting.join(", ")}`);
  }
  const match = value.match ?? {};
  if (!isJson(match)) return refuse("match must be an object {method?, idPattern?, type?}");
  for (const [key, entry] of Object.entries(match)) {
    if (!["method", "idPattern", "type"].includes(key))
      refuse(`match.${key} is not known; allowed: method, idPattern, type`);
    if (typeof entry !== "string") refuse(`match.${key} must be a string`);
  }
  const { type, method } = match;
  if (typeof method === "string" && !methods.includes(method.toUpperCase()))
    refuse(
      `match.method is ${JSON.stringify(method)}, which a fault of kind ${kind} never hits; allowed: ${methods.join(", ")}`,
    );
  if (typeof type === "string" && !isKnownType(type)) {
    refuse(
      `match.type ${JSON.stringify(type)} is not a type of the local cloud; spell it as azure-native:web:WebApp or Microsoft.Web/sites (switchyard cloud status lists those in use)`,
    );
  }
  if (typeof match.idPattern === "string") {
    try {
      new RegExp(match.idPattern);
    } catch {
      refuse(`match.idPattern ${JSON.stringify(match.idPattern)} is not a regular expression`);
    }
  }
  for (const name of ["times", "retryAfterSeconds", "milliseconds"]) {
    const number = value[name];
    const least = name === "times" ? 1 : 0;
    const fits = typeof number === "number" && Number.isInteger(number) && number >= least;
    if (number !== undefined && !fits)
      refuse(`${name} is ${JSON.stringify(number)}; allowed: a whole number from ${least} on`);
  }
  return { ...(value as unknown as Fault), match: match as Fault["match"] };
}
