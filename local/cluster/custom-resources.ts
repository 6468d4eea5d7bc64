import { existsSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

import writeFileAtomic = require("write-file-atomic");

import { textDigest } from "../toolchain/file-digest";
import type { ApiClient } from "./api-client";

const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const establishedWithinMilliseconds = 20_000;
const pollMilliseconds = 50;

interface Definition {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly conditions?: readonly { type: string; status: string }[] };
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
  await Promise.all(
    definitions.map((definition) => api.apply(`${path}/${definition.metadata.name}`, definition)),
  );
  const names = new Set(definitions.map(({ metadata }) => metadata.name));
  const deadline = Date.now() + establishedWithinMilliseconds;
  while (names.size > 0) {
    for (const name of [...names]) {
      const { status } = await api.call<Definition>("GET", `${path}/${name}`);
      if (status?.conditions?.some((each) => each.type === "Established" && each.status === "True")) {
        names.delete(name);
      }
    }
    if (names.size === 0) break;
    if (Date.now() > deadline) throw new Error(`not established: ${[...names].join(", ")}`);
    await wait(pollMilliseconds);
  }
  await writeFileAtomic(stamp, digest, { mode: 0o600 });
}
