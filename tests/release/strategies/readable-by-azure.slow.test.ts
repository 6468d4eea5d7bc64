import assert from "node:assert/strict";
import { readableByAzure, signed } from "../../../release/strategies/static-site/readable-by-azure";

const now = new Date("2026-11-22T10:00:00Z");
const login = {
  token: (): Promise<string> => Promise.reject(new Error("nobody was to sign in")),
};
const key = {
  signedObjectId: "11111111-1111-4111-8111-111111111111",
  signedTenantId: "22222222-2222-4222-8222-222222222222",
  signedStartsOn: now,
  signedExpiresOn: new Date("2026-11-22T11:00:00Z"),
  signedService: "b",
  signedVersion: "2024-11-04",
  value: Buffer.from("a key of the account's").toString("base64"),
};

describe("the address under which Azure fetches a package of a static site", () => {
  it("of a public place is that place, and nobody signs in", async () => {
    const place = "https://github.com/example/site/releases/download/1.4.2/site.zip";
    assert.equal(await readableByAzure(place, login, now), place);
  });

  it("of a blob is signed for reading it alone, for an hour, by TLS", () => {
    const url = new URL("https://packages.blob.core.windows.net/releases/1.4.2/site%20a.zip");
    const address = new URL(signed(url, "packages", key, now));
    assert.equal(address.origin + address.pathname, url.href);
    const query = Object.fromEntries(address.searchParams);
    assert.deepEqual([query.sp, query.sr, query.spr, query.skoid], ["r", "b", "https", key.signedObjectId]);
    assert.equal(query.st, "2026-11-22T09:55:00Z");
    assert.equal(query.se, "2026-11-22T11:00:00Z");
    assert.match(query.sig ?? "", /^[A-Za-z0-9+/]{43}=$/);
    const other = new URL("https://packages.blob.core.windows.net/releases/1.4.2/other.zip");
    assert.notEqual(new URL(signed(other, "packages", key, now)).searchParams.get("sig"), query.sig);
  });

  it("of a blob needs the login of whoever releases", async () => {
    await assert.rejects(
      readableByAzure("https://packages.blob.core.windows.net/releases/site.zip", login, now),
      /nobody was to sign in/,
    );
  });
});
