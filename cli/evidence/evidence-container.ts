import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { evidenceFileEnding } from "../../policies/evidence/statement";
import type { AzureLogin } from "../../release/clients/azure-login";
import type { HttpAnswer, HttpRequest } from "../../release/clients/http";
import { TextContainer } from "../text-container";

const words = {
  what: "The container of evidence",
  mend: "Whoever runs this needs Storage Blob Data Reader on the container that switchyard:evidence names (Contributor to add to it), and a way to it (docs/evidence.md).",
};

/** Evidence in a container of Blob Storage. */
export class EvidenceContainer extends TextContainer {
  /** @param address `https://ACCOUNT.blob.core.windows.net/CONTAINER` */
  constructor(
    address: string,
    login: Pick<AzureLogin, "token">,
    exchange?: (request: HttpRequest) => Promise<HttpAnswer>,
  ) {
    super(address, login, words, exchange);
  }

  /**
   * Makes a folder hold what the container holds, and no other evidence. Files are called after their digest: one that is
   * there is not read again.
   */
  async copyTo(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Evidence lies at the top; what is called like a path elsewhere is none.
    const isEvidence = (name: string) => name.endsWith(evidenceFileEnding) && !/[\\/]/.test(name);
    const wanted = new Set((await this.names()).filter(isEvidence));
    const there = new Set((await readdir(folder)).filter(isEvidence));
    for (const name of there) if (!wanted.has(name)) await rm(join(folder, name), { force: true });
    for (const name of wanted) {
      if (!there.has(name)) await writeFileAtomic(join(folder, name), await this.read(name), { mode: 0o600 });
    }
  }
}
