import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { wrapCallSite } from "source-map-support";
import { makeOutputsWhenRead } from "./lazy-outputs";
import { passPlainInputs } from "./plain-inputs";
import { noteDeclaration, type SourcePosition } from "./source-positions";

/** SDK release whose internals this file replaces; a test compares it with the installed one. */
export const supportedSdkVersion = "3.232.0";

interface DebuggableModule {
  debuggablePromise: <T>(promise: Promise<T>, context?: unknown) => Promise<T>;
}

interface LogModule {
  debug: typeof pulumi.log.debug;
}

type RpcModule = Parameters<typeof makeOutputsWhenRead>[0] & Parameters<typeof passPlainInputs>[0];

type ResourceClass = { stackTrace(skip?: number): readonly SourcePosition[] };

/** Constructor frames of the innermost resource class, of `Resource` and of what called it: a plain SDK resource. */
const plainResourceDepth = 3;

/** Type aliases that the SDKs give a resource for older API versions of its kind: `{ type }` and nothing else. */
const versionedTypeAlias = /^(?:azure-native|kubernetes):/;

/**
 * Makes registering a resource cheap: at 1,000 azure-native resources a preview takes a fifth of the time. It must run
 * before the first resource is made. What it changes, and what stays:
 *
 * - The SDK captures a stack for every promise it makes, and source maps rewrite each. Here those captures hold no
 *   frames; the detector of leaked promises keeps working.
 * - Every azure-native resource carries tens of aliases for old API versions, each a handful of outputs; Kubernetes
 *   ones a few. They are dropped. Safe only while no state holds an older type (`azure-native:storage/v20230101:…`,
 *   `kubernetes:apps/v1beta1:…`); this project never
 *   wrote one. Aliases by name, parent or URN, which are the project's own, stay.
 * - The position of a resource is found from one frame instead of the whole stack, and mapped once per position.
 *   Positions are those of the TypeScript source, inside components as well.
 * - Errors keep their stacks: `Error.stackTraceLimit` is lowered only while the SDK captures.
 * - The SDK tells the engine of every step of a registration at level debug, one call after another, whether or not
 *   anybody reads that. Debug messages are not sent; every other level is.
 * - Output properties are made when they are read (lazy-outputs.ts), and inputs that hold no outputs are sent as they are
 *   (plain-inputs.ts).
 *
 * It replaces four functions and one private static of the SDK, so the SDK's version is pinned, and on any other version
 * this does nothing (`SWITCHYARD_PLAIN_REGISTRATION=1` has the same effect: for measuring, and for `pulumi --debug`).
 *
 * @returns Whether it is in effect.
 */
export function registerCheaply(): boolean {
  if (process.env.SWITCHYARD_PLAIN_REGISTRATION === "1") return false;
  if (installedSdkVersion() !== supportedSdkVersion) return false;
  const positions = new ResourcePositions();
  replaceInSdk();
  pulumi.runtime.registerStackTransformation(({ resource, props, opts }) => {
    positions.expect(resource);
    const aliases = ownAliases(opts);
    return aliases && { props, opts: { ...opts, aliases } };
  });
  const resourceClass = pulumi.Resource as unknown as ResourceClass;
  resourceClass.stackTrace = function stackTrace() {
    return positions.current(stackTrace);
  };
  return true;
}

let replaced = false;

/** What is the same for every stack of a process. */
function replaceInSdk(): void {
  if (replaced) return;
  replaced = true;
  quietPromises(debuggableModule());
  logModule().debug = () => Promise.resolve();
  makeOutputsWhenRead(rpcModule());
  passPlainInputs(rpcModule());
}

export function installedSdkVersion(): string {
  return (require("@pulumi/pulumi/package.json") as { version: string }).version;
}

function debuggableModule(): DebuggableModule {
  return require("@pulumi/pulumi/runtime/debuggable") as DebuggableModule;
}

function rpcModule(): RpcModule {
  return require("@pulumi/pulumi/runtime/rpc") as RpcModule;
}

function logModule(): LogModule {
  return require("@pulumi/pulumi/log") as LogModule;
}

function quietPromises(module: DebuggableModule): void {
  const original = module.debuggablePromise;
  module.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return original(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

/** The aliases that stay, or undefined when all do. */
function ownAliases(options: pulumi.ResourceOptions): pulumi.Input<pulumi.URN | pulumi.Alias>[] | undefined {
  const { aliases } = options;
  if (!Array.isArray(aliases)) return undefined;
  const kept = aliases.filter((alias) => !isVersionedTypeAlias(alias));
  return kept.length === aliases.length ? undefined : kept;
}

function isVersionedTypeAlias(alias: unknown): boolean {
  if (typeof alias !== "object" || alias === null) return false;
  const { type } = alias as { type?: unknown };
  return typeof type === "string" && versionedTypeAlias.test(type) && Object.keys(alias).length === 1;
}

function constructorFrames(resource: object): number {
  let frames = 1;
  let prototype = Object.getPrototypeOf(resource) as object | null;
  while (prototype && prototype !== pulumi.Resource.prototype) {
    frames++;
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return frames;
}

/** Where the resource whose constructor is running was made. */
class ResourcePositions {
  private depth = plainResourceDepth;
  private resource: pulumi.Resource | undefined;
  private readonly mapped = new Map<string, readonly SourcePosition[]>();

  /** Says whose constructor is running: its frames lie between `Resource` and the code that made it. */
  expect(resource: pulumi.Resource): void {
    this.resource = resource;
    this.depth = constructorFrames(resource);
  }

  /** @param below Function above which the stack is looked at. */
  current(below: (...values: never[]) => unknown): readonly SourcePosition[] {
    const { resource } = this;
    const positions = this.positionOf(frameAt(this.depth, below));
    this.depth = plainResourceDepth;
    this.resource = undefined;
    if (resource && positions[0]) noteDeclaration(resource, positions[0]);
    return positions;
  }

  private positionOf(frame: NodeJS.CallSite | undefined): readonly SourcePosition[] {
    const file = frame?.getFileName();
    if (!frame || !file) return [];
    const key = `${file}:${frame.getLineNumber()}:${frame.getColumnNumber()}`;
    const known = this.mapped.get(key);
    if (known) return known;
    const position = [mappedPosition(frame)];
    this.mapped.set(key, position);
    return position;
  }
}

function frameAt(depth: number, below: (...values: never[]) => unknown): NodeJS.CallSite | undefined {
  const { stackTraceLimit, prepareStackTrace } = Error;
  const holder: { stack?: unknown } = {};
  Error.stackTraceLimit = depth + 1;
  Error.prepareStackTrace = (_error, frames) => frames;
  try {
    Error.captureStackTrace(holder, below);
    return (holder.stack as NodeJS.CallSite[])[depth];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

function mappedPosition(frame: NodeJS.CallSite): SourcePosition {
  const mapped = wrapCallSite(frame as Parameters<typeof wrapCallSite>[0]);
  const file = mapped.getFileName() ?? "";
  return {
    uri: file.startsWith("file:") ? file : pathToFileURL(file).toString(),
    line: mapped.getLineNumber() ?? 0,
    column: mapped.getColumnNumber() ?? 0,
  };
}
