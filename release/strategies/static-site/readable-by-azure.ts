import type { UserDelegationKey } from "@azure/storage-blob";
import type { AzureLogin } from "../../clients/azure-login";
import { tokenCredential } from "../../clients/token-credential";
import { asking } from "../slots/app-service";

const validMilliseconds = 60 * 60_000;
/** Clocks differ: a signature that begins now is refused by one that is behind. */
const clockSkewMilliseconds = 5 * 60_000;

/** Host of an account's blobs in Azure's public cloud. */
const blobHost = /^([a-z0-9]{3,24})\.blob\.core\.windows\.net$/;

/**
 * An address under which Azure can fetch a package by itself: a blob gets a signature of whoever is signed in, for an hour
 * and for reading alone; any other address is public and stays as it is.
 *
 * @throws UserError when the signature is refused; retriable when its account did not answer
 */
export async function readableByAzure(
  place: string,
  login: Pick<AzureLogin, "token">,
  now: Date,
): Promise<string> {
  const url = new URL(place);
  const [, account] = blobHost.exec(url.hostname) ?? [];
  if (account === undefined) return place;
  const { BlobServiceClient } = require("@azure/storage-blob") as typeof import("@azure/storage-blob");
  const service = new BlobServiceClient(url.origin, tokenCredential(login, "storage"));
  const { begins, ends } = validity(now);
  const key = await asking(
    `a signature for reading ${place}`,
    (abortSignal) => service.getUserDelegationKey(begins, ends, { abortSignal }),
    { rights: "Storage Blob Delegator and Storage Blob Data Reader on the storage account" },
  );
  return signed(url, account, key, now);
}

/** The address with the signature of that key. */
export function signed(url: URL, account: string, key: UserDelegationKey, now: Date): string {
  const { BlobSASPermissions, generateBlobSASQueryParameters, SASProtocol } =
    require("@azure/storage-blob") as typeof import("@azure/storage-blob");
  const [containerName = "", ...blob] = decodeURIComponent(url.pathname).slice(1).split("/");
  const { begins, ends } = validity(now);
  const query = generateBlobSASQueryParameters(
    {
      containerName,
      blobName: blob.join("/"),
      permissions: BlobSASPermissions.parse("r"),
      startsOn: begins,
      expiresOn: ends,
      protocol: SASProtocol.Https,
    },
    key,
    account,
  );
  return `${url.origin}${url.pathname}?${query}`;
}

function validity(now: Date): { readonly begins: Date; readonly ends: Date } {
  return {
    begins: new Date(now.getTime() - clockSkewMilliseconds),
    ends: new Date(now.getTime() + validMilliseconds),
  };
}
