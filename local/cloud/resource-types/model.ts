import type { TypeSchema } from "./schema";

/** SDK-shaped values (camelCase, flattened) or parts of an ARM body: plain JSON. */
export type Json = Record<string, unknown>;

/** What is wrong with an input: `path` in the SDK's words, `siteConfig.minTlsVersion`, `scopes[0]`. */
export interface InputFault {
  path: string;
  reason: string;
}

/** What Azure would answer: becomes `{error: {code, message, target}}`. */
export interface ArmFault {
  status: number;
  code: string;
  message: string;
  target?: string;
}

/** A stored resource as a row's functions see it. */
export interface StoredView {
  id: string;
  body: Json;
}

export interface ComputeContext {
  id: string;
  /** Path parameters of the id, by SDK input name. */
  params: Record<string, string>;
  /** The body that was asked for, defaults filled in. */
  body: Json;
  /** The stored one, when the resource exists. */
  previous: Json | undefined;
  tenantId: string;
  subscriptionId: string;
  /** A key or other secret that is the same at each call with the same purpose, and cannot be guessed from outside. */
  secretFor(purpose: string): string;
  /** A GUID that is the same at each call with the same purpose. */
  guidFor(purpose: string): string;
  lookUp(id: string): StoredView | undefined;
  now(): string;
}

export interface AdmitContext {
  id: string;
  params: Record<string, string>;
  inputs: Json;
  previous: Json | undefined;
  lookUp(id: string): StoredView | undefined;
  /** All stored resources whose id begins with the given one. */
  below(id: string): StoredView[];
}

export interface SoftDelete {
  /** Why a new resource of the name is refused while the deleted one is kept. */
  conflictCode: string;
  /** ARM type of the deleted resource, `Microsoft.KeyVault/deletedVaults`. */
  deletedType: string;
  /** Whether the kept one can be purged by hand; purge protection forbids it. */
  purgeAllowed(body: Json): boolean;
  retentionDays(body: Json): number;
}

/** A property of the stored resource that Azure requires to exist. `path` may hold `[*]` and `.*`. */
export interface Reference {
  path: string;
  code: string;
}

/** What a row says by hand; everything else comes from the generated schema. */
export interface RowSpec {
  /** Without prefix: `web:WebApp`. */
  token: string;
  /** ARM id with SDK input names in braces. */
  id: string;
  /** How the last name is made when absent: `random` = logical name + hex, `copy` = logical name, `uuid`. */
  autoname?: "random" | "copy" | "uuid" | "none";
  /** Input paths whose change replaces, besides the id's and `location`. */
  immutable?: string[];
  secretInputs?: string[];
  secretOutputs?: string[];
  writeOnly?: string[];
  mergedFrom?: Record<string, string>;
  defaults?: Json;
  /** Allowed values by input path where the generated ones are wrong or absent; `any` lifts the check. */
  enums?: Record<string, readonly (string | number)[] | "any">;
  /** Inputs that sit in `properties` although their names are usual envelope names. */
  inProperties?: string[];
  /** SDK name to the name on the wire, for members of `properties`. */
  wire?: Record<string, string>;
  longRunning?: { create?: boolean; update?: boolean; delete?: boolean };
  softDelete?: SoftDelete;
  /** The object is part of its parent: it can be read before it was ever written, and has these properties then. */
  existsByDefault?: Json;
  /** Names of objects of this type that Azure makes with the parent, and that nobody declares: `master`. */
  builtIn?: string[];
  /** Read by POST on `id + suffix` instead of GET. */
  readBy?: string;
  references?: Reference[];
  /** Names are unique in all of Azure: the error's code when another one has it. */
  globalName?: string;
  /** Cannot be deleted while a resource of that token names it in that input. */
  heldBy?: { token: string; path: string; code: string };
  validate?(inputs: Json): InputFault[];
  admit?(context: AdmitContext): ArmFault | undefined;
  compute?(context: ComputeContext): Json;
  /** What a new one has inside, that of others by id at hand: a copy of a database is no empty one. */
  contentOfNew?(asked: Json, contentOf: (id: string) => Json | undefined): Json | undefined;
  /** POST actions by name as it stands behind the id: `listKeys`. */
  actions?: Record<string, (context: ComputeContext, request: Json) => unknown>;
}

export interface ResourceType {
  /** `azure-native:cosmosdb:DatabaseAccount` */
  token: string;
  /** `Microsoft.DocumentDB/databaseAccounts` */
  armType: string;
  apiVersion: string;
  /** ARM id with SDK input names in braces. */
  id: string;
  /** Names in braces in `id`, in order, without `subscriptionId`. */
  pathInputs: string[];
  /** The input that is autonamed when absent. */
  nameInput: string | undefined;
  autoname: "random" | "copy" | "uuid" | "none";
  /** Top-level inputs that must be given; `nameInput` is not among them. */
  required: string[];
  /** Input paths whose change replaces. Paths of the id and `location` are among them. */
  immutable: string[];
  /** Top-level outputs that are not inputs: what Azure computes. */
  readOnly: string[];
  /** Paths that hold secrets, `[*]` for every element and `.*` for every key. */
  secret: { inputs: string[]; outputs: string[] };
  /** Input paths that Azure accepts and never returns on a GET of the resource. */
  writeOnly: string[];
  /** Output to the suffix of the id that it is read from: `{siteConfig: "/config/web"}` (its `properties`). */
  mergedFrom: Record<string, string>;
  /** Input paths with what Azure fills in. */
  defaults: Json;
  enums: Record<string, readonly (string | number)[] | "any">;
  /** Inputs at the ARM body's top level rather than in `properties`. */
  envelope: string[];
  wire: Record<string, string>;
  longRunning: { create: boolean; update: boolean; delete: boolean };
  softDelete: SoftDelete | undefined;
  /** Set where the object always exists with its parent: DELETE is not there, a PUT of these properties resets it. */
  existsByDefault: Json | undefined;
  readBy: string | undefined;
  references: Reference[];
  schema: TypeSchema;
  spec: RowSpec;
}
