import { UNKNOWN } from "./ids";
import type { InputFault, Json, ResourceType } from "./model";
import { isJson } from "./paths";
import { type ObjectSchema, schema, type TypeRef } from "./schema";

const isUnknown = (value: unknown) => value === UNKNOWN;

/**
 * Everything that Azure would refuse in these SDK-shaped inputs without looking at other resources: unknown property,
 * missing one, wrong type, wrong value of an enum, and the row's own rules. All faults at once, each with its path.
 * An unknown value (preview) is taken as right, at any depth.
 */
export function validateInputs(type: ResourceType, inputs: Json): InputFault[] {
  const check = new Check(type);
  const declared: ObjectSchema = { properties: type.schema.inputs.properties, required: type.required };
  check.object(inputs, declared, "");
  if (check.faults.length === 0) check.faults.push(...(type.spec.validate?.(inputs) ?? []));
  return check.faults;
}

class Check {
  readonly faults: InputFault[] = [];

  constructor(private readonly type: ResourceType) {}

  object(value: Json, declared: ObjectSchema, at: string): void {
    const join = (name: string) => (at === "" ? name : `${at}.${name}`);
    for (const [name, entry] of Object.entries(value)) {
      if (entry === undefined || entry === null) continue;
      const reference = declared.properties[name];
      if (reference === undefined)
        this.fault(join(name), unknownProperty(name, Object.keys(declared.properties)));
      else this.value(entry, reference, join(name));
    }
    for (const name of declared.required ?? []) {
      if (value[name] === undefined || value[name] === null)
        this.fault(join(name), "is required and missing");
    }
  }

  value(value: unknown, reference: TypeRef, at: string): void {
    if (isUnknown(value) || value === undefined || value === null) return;
    const own = this.type.enums[at.replace(/\[\d+\]/g, "[*]")];
    if (own === "any") return;
    if (own !== undefined) this.oneOf(value, own, at);
    else if (typeof reference === "string") this.named(value, reference, at);
    else if ("array" in reference) this.list(value, reference.array, at);
    else if ("map" in reference) this.map(value, reference.map, at);
    else this.union(value, reference.union, at);
  }

  private named(value: unknown, reference: string, at: string): void {
    if (reference === "any") return;
    if (reference.startsWith("#")) this.oneOf(value, schema.enums[reference.slice(1)] ?? [], at);
    else if (reference.startsWith("'")) this.oneOf(value, [reference.slice(1)], at);
    else if (reference.startsWith("=")) {
      if (isJson(value)) this.object(value, schema.objects[reference.slice(1)]!, at);
      else this.fault(at, `must be an object, is ${kindOf(value)}`);
    } else if (kindOf(value) !== `a ${reference}`)
      this.fault(at, `must be a ${reference}, is ${kindOf(value)}`);
  }

  private list(value: unknown, element: TypeRef, at: string): void {
    if (!Array.isArray(value)) this.fault(at, `must be a list, is ${kindOf(value)}`);
    else for (const [index, entry] of value.entries()) this.value(entry, element, `${at}[${index}]`);
  }

  private map(value: unknown, element: TypeRef, at: string): void {
    if (!isJson(value)) this.fault(at, `must be an object, is ${kindOf(value)}`);
    else for (const [key, entry] of Object.entries(value)) this.value(entry, element, `${at}.${key}`);
  }

  /**
   * Azure's services refuse a value outside an extensible enum although the SDK's type lets any string pass, so a union
   * of string and enum counts as the enum. Of several object shapes the one that names the value's discriminator is
   * meant; without one, the shape with the fewest faults.
   */
  private union(value: unknown, parts: TypeRef[], at: string): void {
    const enumeration = parts.find((part) => typeof part === "string" && part.startsWith("#"));
    if (enumeration !== undefined && typeof value === "string") {
      this.value(value, enumeration, at);
      return;
    }
    let fewest: InputFault[] | undefined;
    for (const part of parts) {
      const trial = new Check(this.type);
      trial.value(value, part, at);
      if (trial.faults.length === 0) return;
      if (fewest === undefined || trial.faults.length < fewest.length) fewest = trial.faults;
    }
    this.faults.push(...(fewest ?? []));
  }

  private oneOf(value: unknown, allowed: readonly (string | number)[], at: string): void {
    const same = (entry: string | number) =>
      entry === value ||
      (typeof entry === "string" && typeof value === "string" && entry.toLowerCase() === value.toLowerCase());
    if (!allowed.some(same))
      this.fault(at, `${printed(value)} is not allowed; allowed: ${allowed.join(", ")}`);
  }

  private fault(path: string, reason: string): void {
    this.faults.push({ path, reason });
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function printed(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? JSON.stringify(value) : kindOf(value);
}

function unknownProperty(name: string, known: string[]): string {
  const near = nearest(name, known);
  return `is not a property here${near === undefined ? "" : `; did you mean "${near}"?`}`;
}

function nearest(name: string, known: string[]): string | undefined {
  const scored = known
    .map((candidate) => ({ candidate, distance: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = scored[0];
  return best !== undefined && best.distance <= Math.max(2, name.length / 3) ? best.candidate : undefined;
}

/** Levenshtein's edit distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
