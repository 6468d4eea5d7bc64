import { strict as assert } from "node:assert";
import { everyDashboard } from "../../infra/monitoring/every-contract";
import { grafanaDashboard } from "../../infra/monitoring/grafana-dashboard";
import {
  GrafanaPublisher,
  publishScript,
  type SystemDashboards,
} from "../../infra/monitoring/grafana-publisher";
import { contracts } from "../../runbooks/contracts";
import { shopNamespace } from "../infra/kubernetes/support/shop";
import { collect } from "../infra/support/render";
import { shop } from "./support/shop-contract";

const image = `registry.test/azure-cli@sha256:${"a".repeat(64)}`;
const [shopDashboard] = shop.dashboards;

/** Uids of dashboards whose data a gate asks for. */
const gated = new Set(
  contracts.flatMap(({ entries }) =>
    entries.flatMap((entry) =>
      entry.word === "checkGate" && entry.check.provider === "dashboards" ? entry.check.uids : [],
    ),
  ),
);

interface Rendered {
  readonly uid: string;
  readonly title: string;
  readonly templating: { readonly list: readonly { readonly name: string }[] };
  readonly panels: readonly {
    readonly id: number;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number };
    readonly targets: readonly { readonly expr?: string; readonly azureLogAnalytics?: unknown }[];
    readonly fieldConfig: {
      readonly defaults: { readonly thresholds: { readonly steps: readonly unknown[] } };
    };
  }[];
}

describe("dashboards", () => {
  it("are those that the runbooks name, by uid and title", () => {
    const found = everyDashboard.flatMap(({ dashboards }) => dashboards.map(({ uid }) => uid));
    const named = ["retail-overview", "retail-infrastructure", "retail-business", "retail-security"];
    for (const uid of named) assert.ok(found.includes(uid), uid);
    assert.equal(found.filter((uid) => uid.startsWith("kirana-store-")).length, 3);
    assert.equal(found.filter((uid) => uid.startsWith("case-management")).length, 1);
    assert.ok(found.includes("kirana-inventory"));
    assert.deepEqual([...new Set(found)], found);
    assert.deepEqual(
      found.filter((uid) => !/^[A-Za-z0-9_-]{1,40}$/.test(uid)),
      [],
    );
  });

  for (const { system, dashboards, alerts } of everyDashboard) {
    it(`of ${system} have a target for every query, and no two panels in one place`, () => {
      for (const dashboard of dashboards) {
        const rendered = grafanaDashboard({ system, dashboard, alerts }) as unknown as Rendered;
        assert.equal(rendered.uid, dashboard.uid);
        const places = rendered.panels.map(({ gridPos }) => `${gridPos.x}/${gridPos.y}`);
        assert.equal(new Set(places).size, dashboard.panels.length);
        assert.deepEqual(
          rendered.panels.map(({ targets }) => targets.map(({ expr }) => expr)),
          dashboard.panels.map(({ queries }) =>
            queries.map((query) => (query.source === "prometheus" ? query.expression : undefined)),
          ),
        );
      }
    });
  }

  it("say 0 of refused requests and exceptions while there are none: a gate takes a query without data for a fault", () => {
    const queries = everyDashboard.flatMap(({ dashboards }) =>
      dashboards
        .filter(({ uid }) => gated.has(uid))
        .flatMap(({ panels }) => panels.flatMap(({ queries: own }) => own)),
    );
    const seldom = queries.filter((query) =>
      query.source === "prometheus"
        ? /status=~"[45]/.test(query.expression)
        : query.query.includes("AppExceptions"),
    );
    assert.ok(seldom.length >= 6, String(seldom.length));
    for (const query of seldom) {
      if (query.source === "prometheus") assert.match(query.expression, / or (?:0 \* |vector\(0\))/);
      else assert.match(query.query, /^union AppRequests, AppExceptions\n/);
    }
  });

  it("draw the thresholds of the alerts that a panel names, and refuse one in another unit", () => {
    const render = (alerts: typeof shop.alerts) =>
      grafanaDashboard({
        system: "retail-agentic",
        dashboard: shopDashboard!,
        alerts,
      }) as unknown as Rendered;
    assert.deepEqual(render(shop.alerts).panels[0]!.fieldConfig.defaults.thresholds.steps.at(-1), {
      color: "orange",
      value: 0.05,
    });
    assert.throws(() => render([]), /draws the alert ErrorRate, which does not exist/);
    const percent = shop.alerts.map((alert) => ({ ...alert, unit: "percent" as const }));
    assert.throws(() => render(percent), /is in ratio, the alert ErrorRate in percent/);
  });

  it("name no data source of an environment: variables find them", () => {
    const rendered = grafanaDashboard({
      system: "retail-agentic",
      dashboard: shopDashboard!,
      alerts: shop.alerts,
    }) as unknown as Rendered;
    assert.deepEqual(
      rendered.templating.list.map(({ name }) => name),
      ["prometheus", "azuremonitor", "subscription", "workspace"],
    );
  });
});

const published: SystemDashboards = {
  system: "retail-agentic",
  dashboards: shop.dashboards,
  alerts: shop.alerts,
};

describe("the publisher of dashboards", () => {
  it("is a scheduled job with the dashboards as files, and no secret", async () => {
    const { resources } = await collect("production", async () => {
      new GrafanaPublisher("dashboards", {
        environment: "production",
        namespace: shopNamespace(),
        systems: [published, { system: "tesoro-xp", dashboards: [], alerts: [] }],
        grafanaEndpoint: "https://grafana.test",
        identityClientId: "client",
        image,
        egress: [{ ranges: ["0.0.0.0/0"], ports: [443] }],
      });
      return undefined;
    });
    const maps = resources.filter(({ type }) => type.endsWith(":ConfigMap"));
    assert.deepEqual(
      maps.map(({ inputs }) => Object.keys(inputs.data as object)),
      [["shop.json"]],
    );
    const request = JSON.parse((maps[0]!.inputs.data as Record<string, string>)["shop.json"]!) as {
      dashboard: { uid: string };
      overwrite: boolean;
    };
    assert.equal(request.dashboard.uid, "shop");
    assert.equal(request.overwrite, true);
    const job = resources.find(({ type }) => type.endsWith(":CronJob"))!.inputs.spec as {
      suspend: boolean;
      jobTemplate: {
        spec: { template: { spec: { containers: { volumeMounts: { mountPath: string }[] }[] } } };
      };
    };
    assert.equal(job.suspend, false);
    assert.ok(
      job.jobTemplate.spec.template.spec.containers[0]!.volumeMounts.some(
        ({ mountPath }) => mountPath === "/dashboards/retail-agentic",
      ),
    );
  });

  it("fits into ConfigMaps: 1 MiB each", () => {
    for (const { system, dashboards, alerts } of everyDashboard) {
      const bytes = dashboards
        .map((dashboard) => JSON.stringify(grafanaDashboard({ system, dashboard, alerts })).length)
        .reduce((sum, length) => sum + length, 0);
      assert.ok(bytes < 1024 ** 2, `${system}: ${bytes}`);
    }
  });

  it("stops at what Grafana refuses, and puts no token on a command line", () => {
    assert.match(publishScript, /^set -eu$/m);
    assert.match(publishScript, /--federated-token "@\$AZURE_FEDERATED_TOKEN_FILE"/);
    assert.doesNotMatch(publishScript, /cat /);
  });
});
