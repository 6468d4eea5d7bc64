import type {
  AppendBlobClient,
  BlobClient,
  ContainerClient,
  RestError,
  StoragePipelineOptions,
} from "@azure/storage-blob";
import type { AzureLogin } from "../clients/azure-login";
import { connectionFailure } from "../clients/connection-failure";
import { tokenCredential } from "../clients/token-credential";
import { withinTime } from "../clients/within-time";
import { StoreAway } from "./store-fault";

/**
 * What was lost on the way is recognised by its position, so that an append can be tried again. The SDK's own time limit
 * (`tryTimeoutInMs`) is only a wish that is sent to the service (seen with 12.32.0): a service that hangs is left by `inContainer`.
 */
export const patience: StoragePipelineOptions = {
  retryOptions: { maxTries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 1000 },
};

/** For a call with all its tries. A release that waits for its journal moves no traffic. */
const answerMilliseconds = 6000;

/** The container of the journals with the login of whoever runs this. Loading the SDK takes a second: not before it is needed. */
export function containerOf(address: string, login: Pick<AzureLogin, "token">): ContainerClient {
  const { ContainerClient } = require("@azure/storage-blob") as typeof import("@azure/storage-blob");
  return new ContainerClient(address, tokenCredential(login, "storage"), patience);
}

/** Blob Storage's own word for why it refused, such as `LeaseIdMismatchWithBlobOperation`. */
export function refusalOf(error: unknown): { readonly status: number; readonly code: string } | undefined {
  const { name, statusCode, code } = error as RestError;
  return name === "RestError" && statusCode !== undefined
    ? { status: statusCode, code: code ?? "" }
    : undefined;
}

/**
 * @param handled codes or statuses that the caller knows what to do with: those are thrown as they are
 * @throws StoreAway for every other refusal and for no answer
 */
export async function inContainer<T>(
  where: string,
  work: (abortSignal: AbortSignal) => Promise<T>,
  ...handled: readonly (string | number)[]
): Promise<T> {
  return withinTime(answerMilliseconds, undefined, async (signal) => {
    try {
      return await work(signal);
    } catch (error) {
      if (signal.aborted)
        throw new StoreAway(where, `it did not answer within ${answerMilliseconds / 1000} s`, error);
      const refusal = refusalOf(error);
      if (refusal !== undefined) {
        if (handled.includes(refusal.code) || handled.includes(refusal.status)) throw error;
        throw new StoreAway(where, `${refusal.code || "refused"} (status ${refusal.status})`, error);
      }
      const reason = unanswered(error);
      if (reason === undefined) throw error;
      throw new StoreAway(where, reason, error);
    }
  });
}

/**
 * By one request: the SDK's `downloadToBuffer` asks for the length first, and cuts off what is written over in between by
 * something longer (seen with 12.32.0).
 *
 * @returns undefined when it is not there
 */
export async function readBlob(blob: BlobClient, where: string): Promise<Buffer | undefined> {
  return orNothing(
    inContainer(
      where,
      async (abortSignal) => {
        const { readableStreamBody } = await blob.download(0, undefined, { abortSignal });
        const chunks: Uint8Array[] = [];
        for await (const chunk of readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
        return Buffer.concat(chunks);
      },
      404,
    ),
  );
}

export async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (refusalOf(error)?.status === 404) return undefined;
    throw error;
  }
}

/** Names below a prefix, without it, in the order of names. */
export async function namesBelow(
  container: ContainerClient,
  prefix: string,
  where: string,
): Promise<string[]> {
  return inContainer(where, async (abortSignal) => {
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat({ prefix, abortSignal }))
      names.push(name.slice(prefix.length));
    return names;
  });
}

/** Bytes of one block; more take several. Of version 2022-11-02 and later it would be 100 MiB. */
const blockBytes = 4 * 1024 * 1024;

export async function appendAll(
  blob: AppendBlobClient,
  content: Buffer,
  leaseId: string,
  abortSignal: AbortSignal,
): Promise<void> {
  for (let from = 0; from < content.length; from += blockBytes) {
    const block = content.subarray(from, from + blockBytes);
    await blob.appendBlock(block, block.length, {
      abortSignal,
      conditions: { leaseId, appendPosition: from },
    });
  }
}

function unanswered(error: unknown): string | undefined {
  const { name, code, message } = error as RestError;
  if (name === "RestError")
    return connectionFailure(Object.assign(new Error(message), { code })) ?? message.split("\n")[0];
  return connectionFailure(error);
}
