/** Value and the resources that it comes from, by property. */
type Serialized = [Record<string, unknown>, Map<string, Set<unknown>>];

/** The part of the SDK's `runtime/rpc` (3.232) that is replaced. */
interface RpcModule {
  serializeResourceProperties(
    label: string,
    props: Readonly<Record<string, unknown>>,
    options: unknown,
  ): Promise<Serialized>;
}

/**
 * Hands on properties that hold nothing but plain values as they are. The SDK goes through every value of a resource in a
 * function of its own, asynchronously, in case it is an output; most hold none. Properties that do go the SDK's way.
 *
 * @param rpc The SDK's module, changed in place.
 */
export function passPlainInputs(rpc: RpcModule): void {
  const { serializeResourceProperties } = rpc;
  rpc.serializeResourceProperties = async (label, props, options) => {
    const result: Record<string, unknown> = {};
    const dependencies = new Map<string, Set<unknown>>();
    for (const key of Object.keys(props)) {
      if (key === "id" || key === "urn") continue;
      const plain = plainValue(props[key]);
      if (plain === notPlain) {
        const [values, resources] = await serializeResourceProperties(label, { [key]: props[key] }, options);
        if (key in values) result[key] = values[key];
        for (const [name, some] of resources) dependencies.set(name, some);
      } else if (plain !== undefined) {
        result[key] = plain;
        dependencies.set(key, new Set());
      }
    }
    return [result, dependencies];
  };
}

const notPlain = Symbol("not plain");

/**
 * A value as it is sent: without undefined properties, and null for what is undefined in a list. `notPlain` for what only
 * the SDK can read: outputs, promises, resources, assets, functions, whatever is of a class.
 */
function plainValue(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") return notPlain;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return plainList(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? plainObject(value) : notPlain;
}

function plainList(list: readonly unknown[]): unknown {
  const items: unknown[] = [];
  for (const item of list) {
    const plain = plainValue(item);
    if (plain === notPlain) return notPlain;
    items.push(plain === undefined ? null : plain);
  }
  return items;
}

function plainObject(object: object): unknown {
  const values: Record<string, unknown> = {};
  for (const key of Object.keys(object)) {
    const plain = plainValue((object as Record<string, unknown>)[key]);
    if (plain === notPlain) return notPlain;
    if (plain !== undefined) values[key] = plain;
  }
  return values;
}
