import type { PropertyMap } from "./values/property";

/** A property that a check refuses. An empty `property` keeps the engine from printing the property's value. */
export interface CheckFailure {
  property: string;
  reason: string;
}

export interface CheckResult {
  inputs: PropertyMap;
  failures: CheckFailure[];
}

export interface Autonaming {
  proposedName: string;
  /** propose: a pattern's result; enforce: to be taken as it is; disable: a name must be given. */
  mode: "propose" | "enforce" | "disable";
}

/** What every call about one resource carries. Property maps hold secret and unknown markers, see `values/property`. */
export interface ResourceCall {
  urn: string;
  type: string;
  name: string;
}

export interface CheckCall extends ResourceCall {
  /** Inputs of the last run; empty for a new resource and in the second check of a replacement. */
  olds: PropertyMap;
  news: PropertyMap;
  /** 32 bytes, different in each run. */
  randomSeed: Uint8Array;
  autonaming: Autonaming | undefined;
}

export interface DiffCall extends ResourceCall {
  id: string;
  oldInputs: PropertyMap;
  olds: PropertyMap;
  news: PropertyMap;
}

export type ChangeKind = "add" | "delete" | "update";

export interface PropertyChange {
  /** In the engine's notation: `siteConfig.list[1]`. */
  path: string;
  kind: ChangeKind;
  replace: boolean;
}

export interface DiffResult {
  changes: PropertyChange[];
  deleteBeforeReplace: boolean;
}

export interface CreateCall extends ResourceCall {
  inputs: PropertyMap;
  preview: boolean;
  /** From `customTimeouts`; 0 when the program sets none. */
  timeoutSeconds: number;
}

export interface UpdateCall extends CreateCall {
  id: string;
  oldInputs: PropertyMap;
  olds: PropertyMap;
}

export interface ReadCall extends ResourceCall {
  id: string;
  /** Absent for an import and for `.get()`. */
  inputs: PropertyMap | undefined;
  properties: PropertyMap | undefined;
}

export interface ReadResult {
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
}

export interface DeleteCall extends ResourceCall {
  id: string;
  oldInputs: PropertyMap;
  olds: PropertyMap;
  timeoutSeconds: number;
}

export interface InvokeCall {
  token: string;
  args: PropertyMap;
  preview: boolean;
}

export interface Context {
  /** Fires when the engine cancels: stop waiting, fail fast. */
  signal: AbortSignal;
  /** A line under the resource that lasts only while the operation runs. */
  status(message: string): void;
  /** A line that stays in the engine's diagnostics. */
  note(message: string): void;
  /** The same as a warning. */
  warn(message: string): void;
}

/** What a provider does, in plain values; the rest of this folder is the gRPC side of it. */
export interface Provider {
  readonly name: string;
  readonly version: string;
  /** The package schema as JSON, for the code that `pulumi import` writes. */
  schema(): string;
  /** Faults of the provider's own configuration, found before anything else is asked. */
  checkConfig(config: PropertyMap, offline: boolean): CheckFailure[];
  configure(config: PropertyMap, offline: boolean): void;
  check(call: CheckCall, context: Context): Promise<CheckResult>;
  diff(call: DiffCall): DiffResult;
  /** In a preview the id is left empty. */
  create(call: CreateCall, context: Context): Promise<{ id: string; outputs: PropertyMap }>;
  update(call: UpdateCall, context: Context): Promise<PropertyMap>;
  /** @returns undefined when the resource is gone */
  read(call: ReadCall, context: Context): Promise<ReadResult | undefined>;
  delete(call: DeleteCall, context: Context): Promise<void>;
  invoke(call: InvokeCall, context: Context): Promise<PropertyMap>;
}
