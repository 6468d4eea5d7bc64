import { existsSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

import writeFileAtomic = require("write-file-atomic");

import { textDigest } from "../toolchain/file-digest";
import { type ApiClient, isConflict, isNotFound } from "./api-client";

const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const servedWithinMilliseconds = 30_000;
const pollMilliseconds = 50;
/** Of one request: definitions are the largest objects that there are. */
const patienceMilliseconds = 60_000;

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/**
 * Installs custom resource definitions and waits until the server serves them; does nothing when the same ones are
 * there from an earlier start.
 *
 * @param bundle file with a JSON array of them
 * @param stamp file that remembers which were installed
 */
export async function installCustomResources(api: ApiClient, bundle: string, stamp: string): Promise<void> {
  const text = readFileSync(bundle, "utf8");
  const digest = textDigest(text);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  const definitions = JSON.parse(text) as Definition[];
  await Promise.all(definitions.map((definition) => put(api, definition)));
  const deadline = Date.now() + servedWithinMilliseconds;
  for (const definition of definitions) {
    while (!(await isServed(api, definition))) {
      if (Date.now() > deadline) throw new Error(`not served: ${definition.metadata.name}`);
      await wait(pollMilliseconds);
    }
  }
  await writeFileAtomic(stamp, digest, { mode: 0o600 });
}

/** Creates it, which costs the server a third of what an apply does; applies it where there is another one. */
async function put(api: ApiClient, definition: Definition): Promise<void> {
  try {
    await api.call("POST", path, { body: definition, timeoutMilliseconds: patienceMilliseconds });
  } catch (error) {
    if (!isConflict(error)) throw error;
    await api.apply(`${path}/${definition.metadata.name}`, definition);
  }
}

/** A definition that is established is still not served for a moment. */
async function isServed(api: ApiClient, { spec }: Definition): Promise<boolean> {
  const version = spec.versions.find(({ served }) => served)?.name;
  try {
    await api.call("GET", `/apis/${spec.group}/${version}/${spec.names.plural}?limit=1`);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
