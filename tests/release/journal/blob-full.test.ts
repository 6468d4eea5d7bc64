import assert from "node:assert/strict";
import type { ContainerClient } from "@azure/storage-blob";
import { BlobMedium } from "../../../release/journal/blob-medium";
import { PlaceTaken, StoreAway } from "../../../release/journal/store-fault";

/** The 50,001st block of an append blob, which Azurite takes and Azure does not. */
describe("a journal whose append blob has no more blocks", () => {
  const refusing = (code: string, statusCode: number) =>
    ({
      url: "https://account.example/journals",
      getAppendBlobClient: () => ({
        appendBlock: () =>
          Promise.reject(Object.assign(new Error(code), { name: "RestError", code, statusCode })),
      }),
    }) as unknown as ContainerClient;
  const append = (container: ContainerClient) =>
    new BlobMedium(container, "shop", "r-1", { id: "lease" } as never).append(
      "journal-1.jsonl",
      7,
      Buffer.from("a\n"),
    );

  it("is continued in another one", async () => {
    await assert.rejects(append(refusing("BlockCountExceedsLimit", 409)), PlaceTaken);
    await assert.rejects(append(refusing("ServerBusy", 503)), StoreAway);
  });
});
