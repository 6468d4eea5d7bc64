import { createHash, createHmac, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

import writeFileAtomic = require("write-file-atomic");

import { idKey, isJson, type Json } from "../resource-types";
import { diskError } from "./arm-error";
import { Changes } from "./changes";
import { type DamagedFile, fileNameOf, JsonFolder, setAside, type WriteFile } from "./files";

const KEY_BYTES = 32;

export interface StoredResource {
  id: string;
  token: string;
  /** What was asked for, defaults filled in: what a PATCH is laid over. */
  asked: Json;
  /** What a GET answers, before write-only properties are taken out. */
  body: Json;
  /** A site's `config/web`. */
  config?: Json;
  /** What was deployed to a site: moves with a swap. */
  content?: Json;
  etag: string;
  createdAt: string;
  changedAt: string;
  /** The running operation's id. */
  operation?: string;
}

export interface OperationRecord {
  id: string;
  kind: "create" | "update" | "delete" | "swap" | "start" | "read";
  resourceId: string;
  status: "InProgress" | "Succeeded" | "Failed";
  startedAt: string;
  endedAt?: string;
  error?: { code: string; message: string };
  /** Set by a fault on demand: it never ends. */
  stuck?: boolean;
  /** For a swap: the resources as they will be, so that an interrupted one can be finished. */
  after?: StoredResource[];
  /** For what has begun something beside the resource: what the operation answers with when it has ended. */
  result?: Json;
}

export interface DeletedResource {
  id: string;
  token: string;
  location: string;
  deletedAt: string;
  purgeAt: string;
  /** The resource and everything below it. */
  resources: StoredResource[];
}

const hasStrings = (value: unknown, ...names: string[]): value is Json =>
  isJson(value) && names.every((name) => typeof value[name] === "string");
const isResource = (value: unknown): value is StoredResource =>
  hasStrings(value, "id", "token", "etag") && isJson(value.body) && isJson(value.asked);
const isOperation = (value: unknown): value is OperationRecord =>
  hasStrings(value, "id", "kind", "resourceId", "status");
const isDeleted = (value: unknown): value is DeletedResource =>
  hasStrings(value, "id", "purgeAt") && Array.isArray(value.resources) && value.resources.every(isResource);

/**
 * All state of the embedded cloud. Reads come from memory; a write reaches memory only after it reached the disk, so
 * that a failed one changes nothing.
 */
export class Store {
  readonly damaged: DamagedFile[] = [];
  readonly changes = new Changes();
  private readonly resources = new Map<string, StoredResource>();
  private sorted: StoredResource[] | undefined;
  private readonly operations = new Map<string, OperationRecord>();
  private readonly deleted = new Map<string, DeletedResource>();
  private readonly resourceFiles: JsonFolder<StoredResource>;
  private readonly operationFiles: JsonFolder<OperationRecord>;
  private readonly deletedFiles: JsonFolder<DeletedResource>;
  private readonly key: string;

  /** @param root the folder `cloud/` of the state; @param write replaces the write to disk (tests of a full disk). */
  constructor(
    readonly root: string,
    write?: WriteFile,
  ) {
    const quarantine = path.join(root, "quarantine");
    const at = (name: string) => path.join(root, name);
    mkdirSync(root, { recursive: true, mode: 0o700 });
    this.resourceFiles = new JsonFolder(at("resources"), quarantine, isResource, write);
    this.operationFiles = new JsonFolder(at("operations"), quarantine, isOperation, write);
    this.deletedFiles = new JsonFolder(at("deleted"), quarantine, isDeleted, write);
    this.load();
    this.key = this.readOrMakeKey(at("secret-key"), quarantine);
  }

  private load(): void {
    const resources = this.resourceFiles.load();
    const operations = this.operationFiles.load();
    const deleted = this.deletedFiles.load();
    for (const entry of resources.values) this.resources.set(idKey(entry.id), entry);
    for (const entry of operations.values) this.operations.set(entry.id, entry);
    for (const entry of deleted.values) this.deleted.set(idKey(entry.id), entry);
    this.damaged.push(...resources.damaged, ...operations.damaged, ...deleted.damaged);
  }

  get(id: string): StoredResource | undefined {
    return this.resources.get(idKey(id));
  }

  /** By id, so that lists are the same after a restart. */
  all(): StoredResource[] {
    this.sorted ??= [...this.resources.keys()].sort().map((key) => this.resources.get(key)!);
    return [...this.sorted];
  }

  /** Everything whose id lies below the given one, deepest first. */
  below(id: string): StoredResource[] {
    const prefix = `${idKey(id)}/`;
    return this.all()
      .filter((entry) => idKey(entry.id).startsWith(prefix))
      .sort((left, right) => right.id.split("/").length - left.id.split("/").length);
  }

  async put(resource: StoredResource): Promise<void> {
    const key = idKey(resource.id);
    await this.toDisk(() => this.resourceFiles.save(fileNameOf(key), resource));
    this.resources.set(key, resource);
    this.sorted = undefined;
    this.changes.touch(key);
  }

  async remove(id: string): Promise<void> {
    const key = idKey(id);
    await this.toDisk(async () => this.resourceFiles.remove(fileNameOf(key)));
    this.resources.delete(key);
    this.sorted = undefined;
    this.changes.touch(key);
  }

  operation(id: string): OperationRecord | undefined {
    return this.operations.get(id);
  }

  allOperations(): OperationRecord[] {
    return [...this.operations.values()];
  }

  async putOperation(operation: OperationRecord): Promise<void> {
    await this.toDisk(() => this.operationFiles.save(`${operation.id}.json`, operation));
    this.operations.set(operation.id, operation);
  }

  async removeOperation(id: string): Promise<void> {
    await this.toDisk(async () => this.operationFiles.remove(`${id}.json`));
    this.operations.delete(id);
  }

  allDeleted(): DeletedResource[] {
    return [...this.deleted.values()];
  }

  async putDeleted(entry: DeletedResource): Promise<void> {
    await this.toDisk(() => this.deletedFiles.save(fileNameOf(idKey(entry.id)), entry));
    this.deleted.set(idKey(entry.id), entry);
  }

  async removeDeleted(id: string): Promise<void> {
    await this.toDisk(async () => this.deletedFiles.remove(fileNameOf(idKey(id))));
    this.deleted.delete(idKey(id));
  }

  /** The same for the same purpose as long as this state lives, and not to be guessed without it. */
  secretFor(id: string, purpose: string): string {
    return createHmac("sha512", this.key)
      .update(`${idKey(id)}\n${purpose}`)
      .digest("base64");
  }

  /** A GUID that belongs to an id: not secret, the same on every machine. */
  guidFor(id: string, purpose: string): string {
    const hex = createHash("sha256")
      .update(`${idKey(id)}\n${purpose}`)
      .digest("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** A key that was cut off would give secrets that anybody can work out: it is set aside, and a new one made. */
  private readOrMakeKey(file: string, quarantine: string): string {
    if (existsSync(file)) {
      const key = readFileSync(file, "utf8").trim();
      if (Buffer.from(key, "base64").length === KEY_BYTES) return key;
      this.damaged.push(setAside(file, quarantine, "it is not a whole key; every generated secret changes"));
    }
    const key = randomBytes(KEY_BYTES).toString("base64");
    writeFileAtomic.sync(file, `${key}\n`, { mode: 0o600 });
    return key;
  }

  private async toDisk(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      throw diskError(error, this.root);
    }
  }
}
