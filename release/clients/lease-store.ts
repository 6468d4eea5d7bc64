import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Lease, parseLease } from "../targets/lease";
import { UserError } from "../user-error";
import type { AzureLogin } from "./azure-login";
import { connectionFailure } from "./connection-failure";
import { patientExchange } from "./patient-exchange";

const blobApiVersion = "2023-11-03";

export interface LeasePlace {
  /** Name of the stack: dev alone may keep the lease in the local state. */
  readonly stack: string;
  /** Address of the container that holds the journals, `https://ACCOUNT.blob.core.windows.net/CONTAINER`. */
  readonly journal?: string;
  /** Folder of the local state; used in dev when there is no container. */
  readonly stateDir?: string;
}

/**
 * Who releases a system at this moment. The lease stands beside the release's journal: `SYSTEM/lease.json` in the
 * container of the journals, or under `releases/` of the local state.
 *
 * @returns undefined when nobody does
 * @throws UserError when that cannot be told
 */
export function readLease(
  system: string,
  { stack, journal, stateDir }: LeasePlace,
  login: AzureLogin,
  signal?: AbortSignal,
): Promise<Lease | undefined> | Lease | undefined {
  if (journal !== undefined) return leaseInContainer(system, journal, login, signal);
  // The folder of this machine knows nothing of a release that a runner carries out.
  if (stack !== "dev") {
    throw new UserError(
      `whether a release of ${system} is running cannot be told: stack ${stack} does not say where its journals are`,
      {
        mend: `pulumi config set switchyard:journal https://ACCOUNT.blob.core.windows.net/CONTAINER --stack ${stack} (docs/release.md)`,
      },
    );
  }
  return stateDir === undefined ? undefined : leaseInFolder(join(stateDir, "releases", system, "lease.json"));
}

function leaseInFolder(file: string): Lease | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return parseLease(text, file);
}

async function leaseInContainer(
  system: string,
  journal: string,
  login: AzureLogin,
  signal: AbortSignal | undefined,
): Promise<Lease | undefined> {
  const url = new URL(`${journal.replace(/\/$/, "")}/${system}/lease.json`);
  const headers = {
    authorization: `Bearer ${await login.token("storage")}`,
    "x-ms-version": blobApiVersion,
  };
  const cannotTell = (why: string, cause?: unknown) =>
    new UserError(`whether a release of ${system} is running cannot be told: ${url.href}: ${why}`, {
      mend: "whoever runs this needs Storage Blob Data Reader on the container of the journals, and a way to it",
      cause,
    });
  try {
    const answer = await patientExchange({ method: "GET", url, headers, signal });
    // Of a container that is not there nobody knows whose releases are in it: is the address the right one?
    if (answer.status === 404 && !answer.text.includes("ContainerNotFound")) return undefined;
    if (answer.status === 404) throw cannotTell("there is no such container (ContainerNotFound)");
    if (answer.status !== 200) throw cannotTell(`status ${answer.status}`);
    return parseLease(answer.text, url.href);
  } catch (error) {
    const reason = connectionFailure(error);
    throw reason === undefined ? error : cannotTell(reason, error);
  }
}
