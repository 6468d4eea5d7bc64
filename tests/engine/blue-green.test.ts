import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { declarableSystems } from "../../infra/config/system-names";
import type { ApiClient } from "../../local/cluster/api-client";
import { epochAnnotation } from "../../release/strategies/kubernetes/traffic-write";
import { releaseFieldManager, retainedAnnotation } from "../../release/targets/marks";
import { buildReport } from "../../reports/from-events";
import { versionAnnotation } from "../../runbooks/sides";
import { goldenStack } from "../policies/support/golden-stack";
import { apiOf, kubeconfigOf } from "../support/cluster";
import { changedObjects, expectNoChanges, lastLines } from "../support/engine-run";
import { repository, TestProject } from "../support/project";
import { until } from "../support/until";

// The whole dev stack on a real API server; retail-agentic switches by a Service's selector, kirana-store ramps by a
// route's weights. The tests run in this order; each leaves the traffic as it found it, unless it says so.

const retail = "/api/v1/namespaces/retail-agentic";
const retailApps = "/apis/apps/v1/namespaces/retail-agentic";
const route = "/apis/gateway.networking.k8s.io/v1/namespaces/kirana-store/httproutes/kirana-store";

interface SideBlock {
  readonly version: string;
  readonly images: Readonly<Record<string, string>>;
}
type Sides = Readonly<Record<"blue" | "green", SideBlock>>;

describe("blue and green on a cluster", () => {
  let project: TestProject;
  let api: ApiClient;
  let changes: Record<string, unknown>;

  before(async function () {
    this.timeout(600_000);
    changes = { "switchyard:systems": declarableSystems };
    project = await TestProject.create({ config: changes, savesEveryStep: false });
    api = apiOf(project);
    const up = await project.up();
    assert.equal(up.exitCode, 0, lastLines(up));
  });
  after(async function () {
    this.timeout(120_000);
    await project?.remove();
  });

  const configure = (more: Readonly<Record<string, unknown>> = {}) =>
    project.configure({ ...changes, ...more });
  const pointRetailTo = (colour: string) =>
    api.mergePatch(`${retail}/services/retail-backend`, { spec: { selector: { deployment: colour } } });
  const scale = (deployment: string, replicas: number) =>
    api.mergePatch(`${retailApps}/deployments/${deployment}/scale`, { spec: { replicas } });
  const weigh = async (blue: number, green: number) => {
    const { spec } = await api.call<{ spec: RouteSpec }>("GET", route);
    for (const rule of spec.rules) {
      for (const backend of rule.backendRefs) backend.weight = backend.name.endsWith("-blue") ? blue : green;
    }
    await api.mergePatch(route, { spec });
  };
  /** @param retained `SIDE@RELEASE`, as a release marks the side that it may go back to; null takes the mark off */
  const keepForRollback = async (retained: string | null) => {
    for (const name of ["retail-backend", "retail-consumer-web", "retail-admin-web"]) {
      const annotations = { [retainedAnnotation]: retained };
      await api.mergePatch(`${retail}/services/${name}`, { metadata: { annotations } });
    }
  };
  /** Nothing of dev is protected by the program; what is outside dev has the same names there. */
  const urnsProtectedInProduction = (system: string) =>
    goldenStack("production", [system])
      .filter((resource) => resource.protect)
      .map(({ urn }) => urn.replace("urn:pulumi:production::", "urn:pulumi:dev::"));
  const recordedUrns = async () => {
    const { stdout } = await project.pulumi(["stack", "export", "--stack", "dev"]);
    const { deployment } = JSON.parse(stdout) as { deployment: { resources: { urn: string }[] } };
    return deployment.resources.map(({ urn }) => urn).sort();
  };
  const replicasOf = async (name: string) => {
    const { spec } = await api.call<{ spec: { replicas: number } }>(
      "GET",
      `${retailApps}/deployments/${name}`,
    );
    return spec.replicas;
  };

  it("the live side came up with the size that its autoscaler states, the idle one without a pod", async () => {
    await until("the autoscaler has acted", async () => (await replicasOf("retail-backend-blue")) >= 1);
    assert.equal(await replicasOf("retail-backend-green"), 0);
    const { items } = await api.call<{ items: { metadata: { labels: Record<string, string> } }[] }>(
      "GET",
      `${retail}/pods`,
    );
    assert.deepEqual(
      items.filter(({ metadata }) => metadata.labels.deployment === "green"),
      [],
    );
  });

  it("a second up changes nothing, nor does one with a refresh", async () => {
    await expectNoChanges(project, "up", "--yes", "--skip-preview");
    await expectNoChanges(project, "preview");
    await expectNoChanges(project, "preview", "--refresh");
  });

  it("nothing changes after the active Service's selector was switched, and after it was switched back", async () => {
    await pointRetailTo("green");
    await expectNoChanges(project, "preview");
    await expectNoChanges(project, "preview", "--refresh");
    await pointRetailTo("blue");
    await expectNoChanges(project, "preview", "--refresh");
  });

  it("nothing changes in the middle of a ramp, and after its rollback", async () => {
    await weigh(70, 30);
    await expectNoChanges(project, "preview");
    await expectNoChanges(project, "preview", "--refresh");
    await weigh(100, 0);
    await expectNoChanges(project, "preview", "--refresh");
  });

  it("nothing changes while either colour is scaled", async () => {
    await scale("retail-backend-green", 2);
    await expectNoChanges(project, "preview", "--refresh");
    await scale("retail-backend-green", 0);
    const before = await replicasOf("retail-backend-blue");
    await scale("retail-backend-blue", before + 1);
    await expectNoChanges(project, "preview", "--refresh");
    await scale("retail-backend-blue", before);
  });

  it("nothing changes once a release has marked the Deployments of both colours as its own", async () => {
    for (const colour of ["blue", "green"]) {
      const annotations = { [epochAnnotation]: "7" };
      const path = `${retailApps}/deployments/retail-backend-${colour}?fieldManager=${releaseFieldManager}`;
      await api.mergePatch(path, { metadata: { annotations } });
    }
    await expectNoChanges(project, "preview");
    await expectNoChanges(project, "preview", "--refresh");
    await expectNoChanges(project, "up", "--yes", "--skip-preview");
  });

  it("edits that both sides share reach neither, a kept one no more; they ride with the next change of the idle one", async () => {
    const edits = {
      "retail-agentic:smtpHost": "other.retail.test",
      "kirana-store:mailHost": "other.kirana.test",
    };
    configure(edits);
    const shared = await project.preview();
    assert.equal(shared.exitCode, 0, shared.stderr);
    assert.deepEqual(changedObjects(shared), []);

    await keepForRollback("green@retail-agentic-41");
    const kept = await project.preview();
    assert.equal(kept.exitCode, 0, kept.stderr);
    assert.deepEqual(changedObjects(kept), []);
    configure({
      ...edits,
      "retail-agentic:sides": withVersion(sidesOf("retail-agentic"), "green", "9.9.9"),
    });
    const refused = await project.preview();
    assert.notEqual(refused.exitCode, 0);
    assert.match(
      refused.stdout + refused.stderr,
      /green is kept for a rollback by release retail-agentic-41 until that is finished/,
    );
    await keepForRollback(null);

    configure({
      ...edits,
      "retail-agentic:sides": withVersion(sidesOf("retail-agentic"), "green", "9.9.9"),
    });
    const next = await project.preview();
    assert.equal(next.exitCode, 0, next.stderr);
    const changed = changedObjects(next);
    assert.ok(changed.includes("retail-agentic-retail-backend-green"), changed.join(", "));
    assert.ok(changed.includes("retail-agentic-retail-backend-green-config"), changed.join(", "));
    assert.deepEqual(
      changed.filter((name) => name.includes("-blue") || name.startsWith("kirana-store-")),
      [],
    );
    configure();
  });

  it("a change of the live side is refused in preview, and the message names the idle one", async () => {
    configure({ "retail-agentic:sides": withVersion(sidesOf("retail-agentic"), "blue", "9.9.9") });
    const { exitCode, stdout, stderr } = await project.preview();
    assert.notEqual(exitCode, 0);
    // The version is both components'. The engine ends a preview at the first error, and either track may be first.
    assert.match(stdout + stderr, /blue is live \(100 % of the traffic of Service retail-agentic\/retail-/);
    assert.match(stdout + stderr, /Change the idle side instead, retail-agentic:sides\.green/);
    configure();
  });

  it("in the middle of a ramp either side is refused", async () => {
    await weigh(70, 30);
    configure({ "kirana-store:sides": withVersion(sidesOf("kirana-store"), "green", "9.9.9") });
    const { exitCode, stdout, stderr } = await project.preview();
    assert.notEqual(exitCode, 0);
    assert.match(stdout + stderr, /green is live in a ramp \(30 %/);
    configure();
    await weigh(100, 0);
  });

  it("weights that do not add up to 100, and a colour that is neither, are told and not guessed", async () => {
    await weigh(50, 20);
    const weights = await project.preview();
    assert.notEqual(weights.exitCode, 0);
    assert.match(
      weights.stdout + weights.stderr,
      /HTTPRoute kirana-store\/kirana-store weighs rule 0 blue 50 and green 20, together 70; allowed are whole weights/,
    );
    await weigh(100, 0);
    await pointRetailTo("purple");
    const colour = await project.preview();
    assert.notEqual(colour.exitCode, 0);
    assert.match(
      colour.stdout + colour.stderr,
      /Service retail-agentic\/retail-backend selects \{[^}]*"deployment":"purple"[^}]*\}, which is neither colour/,
    );
    await pointRetailTo("blue");
  });

  it("during a release an unrelated update passes, and one of its sides is refused with the release's name", async () => {
    const folder = join(project.stateDir, "releases", "retail-agentic");
    mkdirSync(folder, { recursive: true });
    const lease = {
      release: "retail-agentic-42",
      holder: "ada",
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    };
    writeFileSync(join(folder, "lease.json"), JSON.stringify(lease));
    const green = withVersion(sidesOf("kirana-store"), "green", "9.9.9");
    configure({ "kirana-store:sides": green });
    const unrelated = await project.preview();
    assert.equal(unrelated.exitCode, 0, lastLines(unrelated));
    assert.ok(changedObjects(unrelated).some((name) => name.startsWith("kirana-store-")));
    const applied = await project.up();
    assert.equal(applied.exitCode, 0, lastLines(applied));
    const { metadata } = await api.call<{ metadata: { annotations: Record<string, string> } }>(
      "GET",
      "/apis/apps/v1/namespaces/kirana-store/deployments/kirana-store-backend-green",
    );
    assert.equal(metadata.annotations[versionAnnotation], "9.9.9");
    configure();
    const back = await project.up();
    assert.equal(back.exitCode, 0, lastLines(back));

    configure({ "retail-agentic:sides": withVersion(sidesOf("retail-agentic"), "green", "9.9.9") });
    const refused = await project.preview();
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.stdout + refused.stderr, /release retail-agentic-42, held by ada/);
    rmSync(folder, { recursive: true });
    configure();
  });

  it("an object that somebody deleted is seen by a refresh and repaired by up", async () => {
    const path = "/apis/policy/v1/namespaces/retail-agentic/poddisruptionbudgets/retail-backend-blue";
    await api.call("DELETE", path);
    const seen = await project.pulumi(["refresh", "--preview-only", "--expect-no-changes"]);
    assert.notEqual(seen.exitCode, 0);
    assert.match(seen.stdout, /retail-agentic-retail-backend-blue-budget/);
    const repaired = await project.up("--refresh");
    assert.equal(repaired.exitCode, 0, lastLines(repaired));
    const { spec } = await api.call<{ spec: { maxUnavailable: number } }>("GET", path);
    assert.equal(spec.maxUnavailable, 1);
    await expectNoChanges(project, "preview");
  });

  // Whoever edits a field by hand owns it from then on: server-side apply does not take it back unasked.
  it("a field that another manager owns is a conflict that our report explains: whose it is, how it is given back", async () => {
    const path = "/apis/policy/v1/namespaces/retail-agentic/poddisruptionbudgets/retail-backend-green";
    await api.call("PATCH", `${path}?fieldManager=somebody-else&force=true`, {
      body: { apiVersion: "policy/v1", kind: "PodDisruptionBudget", spec: { maxUnavailable: 4 } },
      contentType: "application/apply-patch+yaml",
    });
    const { exitCode, stdout, stderr, events } = await project.up("--refresh");
    assert.notEqual(exitCode, 0);
    assert.match(stdout + stderr, /conflict with "somebody-else".*\.spec\.maxUnavailable/s);
    const { errors } = buildReport({
      subject: { kind: "up", stack: "dev", offline: false },
      events,
      exitCode,
      rules: [],
    });
    assert.ok(
      errors.some(({ message }) =>
        message.includes('"somebody-else" owns .spec.maxUnavailable: set by hand'),
      ),
    );
    await api.call("PATCH", `${path}?fieldManager=somebody-else&force=true`, {
      body: { apiVersion: "policy/v1", kind: "PodDisruptionBudget" },
      contentType: "application/apply-patch+yaml",
    });
    const again = await project.up("--refresh");
    assert.equal(again.exitCode, 0, lastLines(again));
  });

  it("a checkout that is older than what is live is refused", async () => {
    const older = sidesOf("retail-agentic");
    configure({ "retail-agentic:sides": withVersion(older, "green", "9.9.9") });
    const next = await project.up();
    assert.equal(next.exitCode, 0, lastLines(next));
    await pointRetailTo("green");
    configure({ "retail-agentic:sides": older });
    const { exitCode, stdout, stderr } = await project.preview();
    assert.notEqual(exitCode, 0);
    assert.match(
      stdout + stderr,
      /green is live .*this checkout|green is live .*would change its release key/s,
    );
    assert.match(stdout + stderr, /git pull/);
    await pointRetailTo("blue");
    configure();
    const back = await project.up();
    assert.equal(back.exitCode, 0, lastLines(back));
  });

  // As an update outside dev runs: with the preview before it.
  it("a shortened list of systems deletes nothing of a stack that is protected as production's is", async () => {
    const urns = urnsProtectedInProduction("retail-agentic");
    assert.ok(urns.length > 10, String(urns.length));
    const protect = await project.pulumi(["state", "protect", ...urns, "--yes", "--stack", "dev"]);
    assert.equal(protect.exitCode, 0, protect.stderr);
    configure({
      "switchyard:systems": declarableSystems.filter((system) => system !== "retail-agentic"),
    });
    const before = await recordedUrns();
    const shortened = await project.pulumi(["up", "--yes"]);
    assert.notEqual(shortened.exitCode, 0);
    assert.match(shortened.stdout + shortened.stderr, /protected/);
    assert.deepEqual(await recordedUrns(), before);
    await api.call("GET", `${retailApps}/deployments/retail-backend-blue`);
    configure();
    const unprotect = await project.pulumi(["state", "unprotect", "--all", "--yes", "--stack", "dev"]);
    assert.equal(unprotect.exitCode, 0, unprotect.stderr);
  });

  it("the exported state holds no kubeconfig, key or token in clear", async () => {
    const { stdout } = await project.pulumi(["stack", "export", "--stack", "dev"]);
    const { users, clusters } = parse(readFileSync(kubeconfigOf(project), "utf8")) as Kubeconfig;
    const endpoint = JSON.parse(readFileSync(join(project.stateDir, "cloud", "endpoint.json"), "utf8")) as {
      token: string;
    };
    assert.ok(!stdout.includes(kubeconfigOf(project)), "where the kubeconfig is");
    const secrets = [
      ...Object.values(users[0]!.user),
      clusters[0]!.cluster["certificate-authority-data"],
      endpoint.token,
    ];
    for (const secret of secrets) {
      assert.ok(secret.length > 20);
      assert.ok(!stdout.includes(secret), "a part of the kubeconfig or the cloud's token");
    }
    const inClear = [
      /client-key-data|-----BEGIN [A-Z ]*PRIVATE KEY|"token":\s*"ey/,
      /(AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{20}/,
      // Azure's own output has the words <user> and <password> in their places.
      /(mongodb(\+srv)?|rediss?|postgres(ql)?):\/\/[^"\s:@/<]+:[^"\s@<]{6,}@/,
    ];
    // Not assert.match: its message would be the whole state.
    for (const pattern of inClear)
      assert.ok(!pattern.test(stdout), `${pattern.exec(stdout)?.[0].slice(0, 30)}`);
  });
});

interface RouteSpec {
  readonly rules: readonly { readonly backendRefs: { name: string; weight?: number }[] }[];
}

interface Kubeconfig {
  readonly users: readonly { user: Readonly<Record<string, string>> }[];
  readonly clusters: readonly { cluster: { "certificate-authority-data": string } }[];
}

/** What the committed stack file declares. */
function sidesOf(system: string): Sides {
  const { config } = parse(readFileSync(join(repository, "Pulumi.dev.yaml"), "utf8")) as {
    config: Record<string, Sides>;
  };
  return config[`${system}:sides`]!;
}

function withVersion(sides: Sides, colour: "blue" | "green", version: string): Sides {
  return { ...sides, [colour]: { ...sides[colour], version } };
}
