import assert from "node:assert/strict";
import { listBlobs } from "../../../release/data/blobs";
import { surroundingsWith } from "../support/gates";

/** What is faked: the storage, which gives its list in pages. */
describe("blobs of a container", () => {
  const page = (names: readonly string[], marker: string) =>
    `<?xml version="1.0"?><EnumerationResults><Blobs>${names
      .map(
        (name) =>
          `<Blob><Name>${name}</Name><Properties><Content-Length>1</Content-Length></Properties></Blob>`,
      )
      .join(
        "",
      )}</Blobs>${marker === "" ? "<NextMarker />" : `<NextMarker>${marker}</NextMarker>`}</EnumerationResults>`;

  it("are those of every page, also behind one that holds nothing: the newest dump stands on the last", async () => {
    const pages: Readonly<Record<string, string>> = {
      "": page(["2026-01"], "2!92!a&amp;b"),
      "2!92!a&b": page([], "third"),
      third: page(["2026-11"], ""),
    };
    const asked: string[] = [];
    const surroundings = surroundingsWith({
      fetchHttp: async ({ url }) => {
        const marker = url.searchParams.get("marker") ?? "";
        asked.push(marker);
        return { status: 200, headers: {}, text: pages[marker]! };
      },
    });
    const place = { accountName: "dumps", container: "mongodb", prefix: "" };
    const found = await listBlobs(surroundings, place, new AbortController().signal);
    assert.deepEqual(
      found.map(({ name }) => name),
      ["2026-01", "2026-11"],
    );
    assert.deepEqual(asked, ["", "2!92!a&b", "third"]);
  });

  it("are nothing in an answer that is no list: a page of a proxy would mean that there is no dump", async () => {
    for (const text of ["<html><body>Sign in</body></html>", "", "<html><br></html>", "{}"]) {
      const surroundings = surroundingsWith({ fetchHttp: async () => ({ status: 200, headers: {}, text }) });
      const place = { accountName: "dumps", container: "mongodb", prefix: "" };
      await assert.rejects(
        listBlobs(surroundings, place, new AbortController().signal),
        /no list of blobs/,
        text,
      );
    }
  });
});
