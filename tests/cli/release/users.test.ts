import assert from "node:assert/strict";
import { userAddresses } from "../../../cli/release/users";
import type { MetricGate } from "../../../runbooks/entry-basics";
import { contractOf, factsOf } from "../../release/plan/support/questions";
import { metricGate } from "../../release/support/gates";

const addresses = (
  system: "kirana-inventory" | "tesoro-xp" | "kirana-store" | "retail-agentic" | "case-management",
  hosts: Record<string, unknown>,
) => userAddresses(contractOf(system), { ...factsOf(system), hosts } as ReturnType<typeof factsOf>);

const asked = (found: ReturnType<typeof userAddresses>) =>
  found.map(({ url, path }) => `${url.host} ${path}`);

const at = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { url: `https://${name}.test` }]));

describe("users of a system on dev", () => {
  it("come to the site, and never to a slot's own address", () => {
    const found = asked(
      addresses("tesoro-xp", {
        app: { url: "https://app.azurewebsites.net" },
        slot: { url: "https://app-blue.azurewebsites.net" },
      }),
    );
    assert.ok(found.includes("app.azurewebsites.net /"), found.join(", "));
    assert.deepEqual(
      found.filter((one) => one.includes("blue")),
      [],
    );
    assert.deepEqual(found, [...new Set(found)]);
  });

  it("ask what a program counts: its first page, and the paths that gates measure apart", () => {
    const preview = { bySide: { blue: "https://blue.test", green: "https://green.test" } };
    const store = asked(addresses("kirana-store", { preview, ...at("store") }));
    for (const path of ["/", "/api/", "/api/permissions", "/api/search", "/api/payments"])
      assert.ok(store.includes(`store.test ${path}`), store.join(", "));
    const cases = asked(addresses("case-management", at("api", "web")));
    assert.ok(cases.includes("api.test /") && cases.includes("web.test /"), cases.join(", "));
  });

  it("ask nothing that gates leave out of their counts, and come by the same way", () => {
    const found = [
      ...asked(addresses("kirana-inventory", at("api", "app"))),
      ...asked(addresses("tesoro-xp", at("app"))),
      ...asked(addresses("kirana-store", at("store"))),
      ...asked(addresses("retail-agentic", at("api", "consumer-web", "admin-web"))),
      ...asked(addresses("case-management", at("api", "web"))),
    ];
    assert.deepEqual(
      found.filter((one) => /health|version|metrics|diagnostics/.test(one)),
      [],
    );
    // The API of retail-agentic has no other way in than /api.
    assert.ok(found.includes("api.test /api/v1/"), found.join(", "));
  });

  it("come mostly to the host whose requests gates count, and are as many as are sent", () => {
    const [api, app, ...others] = addresses("kirana-inventory", at("api", "app"));
    assert.deepEqual(others, []);
    assert.deepEqual([api?.url.host, api?.path, api?.share], ["api.test", "/", 0.9]);
    assert.deepEqual([app?.url.host, app?.path, app?.share], ["app.test", "/", 0.1]);
    const [alone] = addresses("tesoro-xp", at("app"));
    assert.equal(alone?.url.host, "app.test");
    for (const found of [
      addresses("tesoro-xp", at("app")),
      addresses("retail-agentic", at("api", "consumer-web", "admin-web")),
      addresses("kirana-store", at("store")),
    ]) {
      const sum = found.reduce((total, { share }) => total + share, 0);
      assert.ok(Math.abs(sum - 1) < 1e-9, String(sum));
      const most = found.filter(({ url }) => url.host === found[0]!.url.host);
      assert.ok(most.reduce((total, { share }) => total + share, 0) > 0.89);
    }
  });

  it("order and pay by POST, as what is measured of it is, and take no left-out path for a measured one", () => {
    const store = addresses("kirana-store", at("store"));
    const posted = store.filter(({ method }) => method === "POST").map(({ path }) => path);
    assert.deepEqual(posted.sort(), ["/api/orders", "/api/payments"]);
    const query = 'sum(rate(a{route!~"/api/left",uri!="/out"}[5m])) / sum(rate(a{route=~"/api/in.*"}[5m]))';
    const probe = metricGate({ provider: "probes", host: "api", path: "/health", measure: "failedPercent" });
    const gates: MetricGate[] = [probe, metricGate({ provider: "prometheus", query }, { name: "measured" })];
    const facts = { ...factsOf("kirana-store"), hosts: at("api") } as ReturnType<typeof factsOf>;
    assert.deepEqual(asked(userAddresses({ entries: gates }, facts)), ["api.test /", "api.test /api/in"]);
  });
});
