import assert from "node:assert/strict";
import { userAddresses } from "../../../cli/release/users";
import { contractOf, factsOf } from "../../release/plan/support/questions";

const of = (system: "tesoro-xp" | "kirana-store" | "case-management", hosts: Record<string, unknown>) =>
  userAddresses(contractOf(system), { ...factsOf(system), hosts } as ReturnType<typeof factsOf>).map(
    ({ url, path }) => `${url.host} ${path}`,
  );

describe("users of a system on dev", () => {
  it("come to the site, and never to a slot's own address", () => {
    const asked = of("tesoro-xp", {
      app: { url: "https://app.azurewebsites.net" },
      slot: { url: "https://app-blue.azurewebsites.net" },
    });
    assert.ok(asked.includes("app.azurewebsites.net /health"), asked.join(", "));
    assert.deepEqual(
      asked.filter((one) => one.includes("blue")),
      [],
    );
    assert.deepEqual(asked, [...new Set(asked)]);
  });

  it("ask what a program counts too: its first page, and the paths that gates measure apart", () => {
    const preview = { bySide: { blue: "https://blue.test", green: "https://green.test" } };
    const store = of("kirana-store", { preview, store: { url: "https://store.test" } });
    assert.ok(store.includes("store.test /"), store.join(", "));
    assert.ok(store.includes("store.test /api/payments"), store.join(", "));
    const cases = of("case-management", {
      api: { url: "https://api.test" },
      web: { url: "https://web.test" },
    });
    assert.ok(cases.includes("api.test /") && cases.includes("web.test /"), cases.join(", "));
  });
});
