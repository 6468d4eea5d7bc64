import { readFileSync } from "node:fs";
import Module from "node:module";
import { join } from "node:path";

/**
 * Loaded before the program and the policy pack (`NODE_OPTIONS`, set by environment.ts). `@pulumi/pulumi` 3.232 loads
 * the TypeScript compiler (9 MB) and npm's tree builder at its start, for turning functions into text, which neither
 * the program nor the pack does. Here both are loaded at their first use instead: half a second less in each process.
 */

type Load = (request: string, parent: unknown, isMain: boolean) => unknown;
const loader = Module as unknown as { _load: Load };
const load = loader._load;

const heavy = /(?:^|[\\/])typescript-shim$|^@npmcli\/arborist$/;
const compiledPack = isCompiledPack();

loader._load = (request, parent, isMain) => {
  if (heavy.test(request)) return atFirstUse(() => load(request, parent, isMain) as object);
  // A pack whose `main` is JavaScript needs no compiler; the SDK registers one for every pack.
  if (compiledPack && request.includes("ts-node@")) return { register: () => undefined };
  if (compiledPack && request === "typescript")
    return { version: versionOf(load("typescript/package.json", parent, false)) };
  return load(request, parent, isMain);
};

function versionOf(manifest: unknown): string {
  return (manifest as { version: string }).version;
}

function atFirstUse(get: () => object): object {
  let module: object | undefined;
  const real = () => {
    module ??= get();
    return module;
  };
  return new Proxy(
    {},
    {
      // Keeps TypeScript's import helper from copying every property, which would be a use.
      get: (_, key) => (key === "__esModule" ? true : Reflect.get(real(), key)),
      has: (_, key) => Reflect.has(real(), key),
      ownKeys: () => Reflect.ownKeys(real()),
      getOwnPropertyDescriptor: (_, key) => {
        const descriptor = Reflect.getOwnPropertyDescriptor(real(), key);
        return descriptor && { ...descriptor, configurable: true };
      },
    },
  );
}

/** Whether this process runs a policy pack, in its folder, that was compiled already. */
function isCompiledPack(): boolean {
  if (!/[\\/]run-policy-pack$|[\\/]run-policy-pack[\\/]/.test(process.argv[1] ?? "")) return false;
  try {
    const { main } = JSON.parse(readFileSync(join(process.cwd(), "package.json"), "utf8")) as {
      main?: string;
    };
    return main?.endsWith(".js") === true;
  } catch {
    // Not the layout that is known here: the SDK goes its own way.
    return false;
  }
}
