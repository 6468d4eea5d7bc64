import assert from "node:assert/strict";
import { isoMinutes } from "../../infra/azure/alert-rules";
import { relativeName } from "../../infra/azure/dns-records";

describe("durations", () => {
  it("are written as Azure writes them", () => {
    assert.deepEqual([1, 5, 15, 60, 90, 360, 1440].map(isoMinutes), [
      "PT1M",
      "PT5M",
      "PT15M",
      "PT1H",
      "PT90M",
      "PT6H",
      "P1D",
    ]);
  });

  it("are whole minutes above 0", () => {
    for (const minutes of [0, -1, 0.5, Number.NaN]) assert.throws(() => isoMinutes(minutes), /whole minutes/);
  });
});

describe("a host's name in a zone", () => {
  it("is what stands before the zone", () => {
    assert.equal(relativeName("asuid.api.kirana.io", "kirana.io"), "asuid.api");
  });

  it("is refused outside the zone, also where only the letters match", () => {
    assert.throws(() => relativeName("api.notkirana.io", "kirana.io"), /does not lie in the zone kirana\.io/);
  });
});
