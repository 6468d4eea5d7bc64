import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import writeFileAtomic = require("write-file-atomic");

import { type EmulatedApp, parseApp, readPackage } from "./app-package";

/**
 * Packages that were deployed, by digest: what they make the app do. Content moves between slots by its digest alone, so
 * that a swap needs nothing of this.
 */
export class PackageStore {
  readonly #known = new Map<string, EmulatedApp>();

  /** @param folder made when it is missing; mode 0700 */
  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** @throws PackageFault, ZipFault */
  async add(bytes: Buffer): Promise<{ digest: string; app: EmulatedApp }> {
    const { digest, app } = readPackage(bytes);
    await writeFileAtomic(this.#file(digest), `${JSON.stringify(app)}\n`, { mode: 0o600 });
    this.#known.set(digest, app);
    return { digest, app };
  }

  get(digest: string): EmulatedApp | undefined {
    const known = this.#known.get(digest);
    if (known !== undefined) return known;
    const file = this.#file(digest);
    if (!existsSync(file)) return undefined;
    const app = parseApp(JSON.parse(readFileSync(file, "utf8")));
    this.#known.set(digest, app);
    return app;
  }

  #file(digest: string): string {
    return join(this.folder, `${digest.replace(/[^a-z0-9]/gi, "-")}.json`);
  }
}
