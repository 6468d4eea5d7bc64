import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { Surroundings } from "../clients/surroundings";
import { isJson, type Json, mapAt } from "../targets/json";
import { UserError } from "../user-error";

const apiVersion = "2023-11-03";

export interface ListedBlob {
  readonly name: string;
  readonly bytes: number;
  readonly lastModified?: Date;
}

/**
 * Blobs of a container whose names begin so, page by page: one holds 5,000 by their names, and the newest of a container
 * of dumps stand on the last.
 *
 * @throws UserError when the storage does not answer, or not to this login
 */
export async function listBlobs(
  { fetchHttp, outside }: Pick<Surroundings, "fetchHttp" | "outside">,
  {
    accountName,
    container,
    prefix,
  }: { readonly accountName: string; readonly container: string; readonly prefix: string },
  signal: AbortSignal,
): Promise<readonly ListedBlob[]> {
  const found: ListedBlob[] = [];
  let marker: string | undefined;
  do {
    const url = new URL(`https://${accountName}.blob.core.windows.net/${container}`);
    const place = { restype: "container", comp: "list", prefix, ...(marker !== undefined && { marker }) };
    url.search = new URLSearchParams(place).toString();
    const answer = await fetchHttp({
      method: "GET",
      url,
      headers: {
        authorization: `Bearer ${await outside.login.token("storage")}`,
        "x-ms-version": apiVersion,
        accept: "application/xml",
      },
      signal,
    });
    if (answer.status !== 200) {
      throw new UserError(`${url.origin}${url.pathname} cannot be listed: status ${answer.status}`, {
        retriable: answer.status === 429 || answer.status >= 500,
        mend: "whoever runs the release needs Storage Blob Data Reader on it, and a way through its firewall",
      });
    }
    found.push(...parseBlobList(answer.text));
    marker = markerOf(answer.text);
  } while (marker !== undefined);
  return found;
}

/** @throws UserError for what is no list of blobs, such as a proxy's page: an empty one would mean that there is none */
function resultsOf(xml: string): Json {
  const parser = new XMLParser({ isArray: (name) => name === "Blob", parseTagValue: false });
  const results =
    XMLValidator.validate(xml) === true ? (parser.parse(xml) as Json).EnumerationResults : undefined;
  if (isJson(results)) return results;
  throw new UserError("the storage answered with what is no list of blobs", { retriable: true });
}

/** Where the list goes on; undefined at its end. A page may hold nothing and go on all the same. */
function markerOf(xml: string): string | undefined {
  const { NextMarker: marker } = resultsOf(xml);
  return typeof marker === "string" && marker !== "" ? marker : undefined;
}

/** @param xml answer to List Blobs (Azure Storage REST API) */
export function parseBlobList(xml: string): readonly ListedBlob[] {
  const blobs: unknown = mapAt(resultsOf(xml), "Blobs").Blob;
  return (Array.isArray(blobs) ? blobs : []).map((blob) => {
    const { Name: name } = mapAt(blob);
    const { "Content-Length": length, "Last-Modified": changed } = mapAt(blob, "Properties");
    const [bytes, lastModified] = [Number(length), new Date(String(changed))];
    return {
      name: String(name),
      bytes: Number.isFinite(bytes) ? bytes : 0,
      ...(!Number.isNaN(lastModified.getTime()) && { lastModified }),
    };
  });
}
