import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HttpAnswer } from "../../../release/clients/http";
import type { HostRequest } from "../../../release/clients/surroundings";
import { accessProvider } from "../../../release/gates/access";
import type { Asking } from "../../../release/gates/asking";
import { gitHubNameOf, targetsOf } from "../../../release/gates/checkout";
import type { Sample } from "../../../release/gates/gate-provider";
import { repositoryProvider } from "../../../release/gates/repository";
import type { Json } from "../../../release/targets/json";
import { UserError } from "../../../release/user-error";
import { canary, checkGate, contextAt, surroundingsWith } from "../support/gates";

/** What is real: git and its repository. What is faked: Azure, the cluster, GitHub and Grafana. */

interface Parts {
  readonly permissions?: readonly Json[] | Error;
  /** By path below the repository. */
  readonly gitHub?: (path: string, page: string | null) => Json | readonly Json[] | number;
  readonly env?: Readonly<Record<string, string>>;
  readonly allowed?: unknown;
}

function asking({ permissions, gitHub, env = {}, allowed }: Parts, asked: string[] = []): Asking {
  const fetchHttp = async ({ url, headers }: HostRequest): Promise<HttpAnswer> => {
    asked.push(`${url.pathname} ${headers?.authorization ?? "nobody"}`);
    if (url.hostname === "grafana.example")
      return { status: gitHub === undefined ? 200 : 403, headers: {}, text: "[]" };
    const said = gitHub?.(url.pathname.replace("/repos/owner/shop", ""), url.searchParams.get("page")) ?? 404;
    return typeof said === "number"
      ? { status: said, headers: {}, text: "{}" }
      : { status: 200, headers: {}, text: JSON.stringify(said) };
  };
  return {
    surroundings: surroundingsWith({
      fetchHttp,
      env: { PATH: process.env.PATH, ...env },
      arm: () =>
        ({
          collection: async (path: string) => {
            asked.push(path);
            if (permissions instanceof Error) throw permissions;
            return permissions;
          },
        }) as never,
      kubernetes: async () => ({ create: async () => ({ status: { allowed } }) }) as never,
    }),
  } as unknown as Asking;
}

function said(sample: Sample): string {
  assert.ok(!JSON.stringify(sample).includes(canary));
  if (sample.kind === "nothing") return `nothing: ${sample.why}`;
  assert.ok(sample.kind === "answer");
  return `${sample.holds}: ${sample.seen}`;
}

let folder = "";
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: folder });
before(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-checkout-"));
  git("init", "-q", "-b", "feature/cart");
  mkdirSync(join(folder, "docs", "runbooks"), { recursive: true });
  writeFileSync(join(folder, "docs", "runbooks", "rollback.md"), "x");
  writeFileSync(
    join(folder, "Makefile"),
    ".PHONY: test\nVERSION := 1\nimages::\n\ttrue\ntest security-scan: build\n\tnpm test\nbuild:\n\ttrue\n%.o: %.c\n",
  );
  git("add", ".");
  git("commit", "-q", "-m", "first");
  git("tag", "v1.2.0");
  git("remote", "add", "origin", "git@github.com:owner/shop.git");
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe("rights at Azure", () => {
  const facts = {
    resourceGroupId: "/subscriptions/s/resourceGroups/shop",
    registryId: "/subscriptions/s/resourceGroups/p/providers/Microsoft.ContainerRegistry/registries/r",
  };
  const outcome = async (
    to: string,
    permission: string,
    permissions: Parts["permissions"],
    more: object = facts,
  ) => {
    const asked: string[] = [];
    const gate = checkGate({ provider: "access", to, permission } as never) as never;
    const context = contextAt("http://127.0.0.1:1");
    const sample = await accessProvider(asking({ permissions }, asked), folder).look(gate, {
      ...context,
      facts: { ...context.facts, ...more },
    });
    return [said(sample), asked[0]] as const;
  };
  const owner: Json = { actions: ["*"], notActions: [] };
  const reader: Json = { actions: ["*/read"], notActions: [] };
  const contributor: Json = { actions: ["*"], notActions: ["Microsoft.Authorization/*/Write"] };
  const secrets: Json = { actions: [], dataActions: ["Microsoft.KeyVault/vaults/secrets/getSecret/action"] };

  const rows: readonly (readonly [string, string, readonly Json[], RegExp])[] = [
    ["subscription", "read", [reader], /^true: read on \/subscriptions\/s$/],
    ["subscription", "read", [], /^false: not allowed on \/subscriptions\/s: .*resourceGroups\/read/],
    ["subscription", "Contributor", [contributor], /^true/],
    ["subscription", "Contributor", [reader], /^false: not allowed .*Microsoft.Web\/sites\/write/],
    [
      "subscription",
      "Contributor",
      [{ actions: ["*"], notActions: ["Microsoft.Web/*"] }],
      /^false: .*slotsswap/,
    ],
    ["subscription", "Contributor", [{ actions: ["*"], notActions: ["Microsoft.Web/*"] }, owner], /^true/],
    ["vault", "Key Vault Secrets User", [secrets], /^true/],
    ["vault", "Key Vault Secrets User", [owner], /^false: .*getSecret/],
    ["registry", "push", [{ actions: ["Microsoft.ContainerRegistry/registries/push/write"] }], /^true/],
    ["registry", "push", [reader], /^false/],
    ["subscription", "Wizard", [owner], /^nothing: no operations of Azure are known for Wizard/],
  ];
  for (const [to, permission, granted, expected] of rows) {
    it(`${permission} on the ${to} with ${JSON.stringify(granted).slice(0, 60)}: ${expected.source}`, async () =>
      assert.match((await outcome(to, permission, granted))[0], expected));
  }

  it("are asked at the thing itself", async () => {
    const suffix = "/providers/Microsoft.Authorization/permissions";
    for (const [to, scope] of [
      ["subscription", "/subscriptions/s"],
      ["resourceGroup", facts.resourceGroupId],
      ["registry", facts.registryId],
    ] as const)
      assert.equal((await outcome(to, "read", [owner]))[1], scope + suffix);
  });

  it("are nobody's where nothing is, and nothing where Azure does not say", async () => {
    assert.match(
      (await outcome("vault", "read", undefined))[0],
      /^false: .*does not exist, or may not be seen/,
    );
    assert.match(
      (await outcome("vault", "read", new UserError("Azure forbids it")))[0],
      /^nothing: Azure forbids/,
    );
    assert.match(
      (await outcome("registry", "push", [owner], { registryId: undefined }))[0],
      /^nothing: .*does not name/,
    );
  });
});

describe("rights elsewhere", () => {
  const outcome = async (to: string, permission: string, parts: Parts, facts: object = {}) => {
    const gate = checkGate({ provider: "access", to, permission } as never) as never;
    const context = contextAt("http://127.0.0.1:1");
    return said(
      await accessProvider(asking(parts), folder).look(gate, {
        ...context,
        facts: { ...context.facts, ...facts },
      }),
    );
  };
  const shop = (push: unknown, workflows?: number) => (path: string) =>
    path.startsWith("/actions") ? { total_count: workflows } : { permissions: { pull: true, push } };

  it("on the repository are those of the token", async () => {
    assert.match(
      await outcome("repository", "write", { gitHub: shop(true) }),
      /^true: may write to owner\/shop/,
    );
    assert.match(await outcome("repository", "write", { gitHub: shop(false) }), /^false: may not write to/);
    assert.match(
      await outcome("repository", "write", { gitHub: shop(undefined) }),
      /^nothing: .*does not say/,
    );
    assert.match(
      await outcome("repository", "write", { gitHub: () => 404 }),
      /^false: .*does not exist, or may not/,
    );
    assert.match(
      await outcome("repository", "write", { gitHub: () => 401 }),
      /^nothing: GitHub refuses .*GITHUB_TOKEN/,
    );
  });

  it("to start workflows need that there are some", async () => {
    const start = "actions: write";
    assert.match(
      await outcome("repository", start, { gitHub: shop(true, 3) }),
      /^true: may start the 3 workflows/,
    );
    assert.match(await outcome("repository", start, { gitHub: shop(true, 0) }), /^false: .*no workflow/);
    assert.match(await outcome("repository", start, { gitHub: shop(false, 3) }), /^false: may not write/);
    assert.match(
      await outcome("repository", start, { gitHub: shop(true) }),
      /^nothing: GitHub does not say which/,
    );
  });

  it("on the cluster are judged by the API server", async () => {
    assert.match(await outcome("cluster", "get pods", { allowed: true }), /^true: allowed: get pods/);
    assert.match(
      await outcome("cluster", "get pods", { allowed: false }),
      /^false: not allowed in shop: get pods/,
    );
    assert.match(await outcome("cluster", "get pods", {}), /^nothing: the cluster does not say/);
  });

  it("on dashboards are Grafana's", async () => {
    const facts = { grafanaUrl: "https://grafana.example" };
    assert.match(await outcome("dashboards", "read", {}, facts), /^true: Grafana lists/);
    assert.match(
      await outcome("dashboards", "read", { gitHub: () => 404 }, facts),
      /^nothing: Grafana refuses/,
    );
    assert.match(await outcome("dashboards", "read", {}), /^nothing: .*names no Grafana/);
  });

  it("on the journal are not asked for", async () => {
    assert.match(await outcome("journal", "write", {}), /^nothing: whoever looks at this gate has written/);
  });
});

describe("the repository", () => {
  const outcome = async (
    path: string,
    operator: string,
    value?: unknown,
    parts: Parts = {},
    where = folder,
  ) => {
    const check = {
      provider: "repository",
      expects: [{ path, operator, ...(value !== undefined && { value }) }],
    };
    const gate = checkGate(check as never, { timeoutSeconds: 20 }) as never;
    return said(await repositoryProvider(asking(parts), where).look(gate, contextAt("http://127.0.0.1:1")));
  };

  it("tells its branch, tags and whether it is clean", async () => {
    assert.match(await outcome("branch", "matches", "feature/.+"), /^true: branch is "feature\/cart"/);
    assert.match(await outcome("branch", "equals", "main"), /^false: branch is "feature\/cart", not "main"/);
    assert.match(await outcome("tags", "contains", "v1.2.0"), /^true/);
    assert.match(await outcome("clean", "equals", true), /^true/);
    writeFileSync(join(folder, "new"), "x");
    assert.match(await outcome("clean", "equals", true), /^false/);
    rmSync(join(folder, "new"));
    assert.match(await outcome("merged", "contains", "origin/main"), /^false/);
    assert.match(await outcome("commit", "matches", "^[0-9a-f]{40}$"), /^true/);
  });

  it("has no branch while a commit is checked out", async () => {
    git("checkout", "-q", "--detach");
    assert.match(await outcome("branch", "matches", ".+"), /^false: branch is not there/);
    git("checkout", "-q", "feature/cart");
  });

  it("has files wherever they are, as documents name them", async () => {
    assert.match(await outcome("rollback.md", "exists"), /^true/);
    assert.match(await outcome("../rollback.md", "exists"), /^true/);
    assert.match(await outcome("back.md", "exists"), /^false: back.md is not there/);
  });

  it("tells what make can do", async () => {
    for (const target of ["test", "security-scan", "build", "images"])
      assert.match(await outcome("makefile.targets", "contains", target), /^true/);
    assert.match(await outcome("makefile.targets", "contains", "deploy"), /^false/);
    assert.deepEqual(targetsOf("a = b\nA := b\nt: x:=1\n\tcmd: y\n# c: d\n.POSIX:\n%.o: %.c\n"), ["t"]);
  });

  it("counts open pull requests of Dependabot on every page", async () => {
    const dependabot: Json = { user: { login: "dependabot[bot]" } };
    const other: Json = { user: { login: "ann" } };
    const path = "openPullRequests.dependabot";
    const pages = (last: readonly Json[]) => ({
      gitHub: (_: string, page: string | null) => (page === "1" ? Array<Json>(100).fill(other) : last),
    });
    assert.match(await outcome(path, "equals", 0, pages([other])), /^true/);
    assert.match(await outcome(path, "equals", 0, pages([other, dependabot])), /^false: .* is 1, not 0/);
    assert.match(await outcome(path, "equals", 0, { gitHub: () => ({}) }), /^nothing: .*no pull requests/);
    assert.match(await outcome(path, "equals", 0, { gitHub: () => 404 }), /^nothing: .*no pull requests/);
  });

  it("asks GitHub as whoever the environment says", async () => {
    const asked: string[] = [];
    const check = {
      provider: "repository",
      expects: [{ path: "openPullRequests.dependabot", operator: "equals", value: 0 }],
    };
    const env = { GITHUB_REPOSITORY: "owner/shop", GITHUB_TOKEN: canary };
    const provider = repositoryProvider(asking({ env, gitHub: () => [] }, asked), folder);
    assert.match(
      said(await provider.look(checkGate(check as never) as never, contextAt("http://127.0.0.1:1"))),
      /^true/,
    );
    assert.deepEqual(asked, [`/repos/owner/shop/pulls Bearer ${canary}`]);
  });

  it("that is none, and a fact that is none, are nothing", async () => {
    const empty = mkdtempSync(join(tmpdir(), "switchyard-none-"));
    const seen = await outcome("branch", "exists", undefined, {}, empty);
    assert.match(
      seen,
      /^nothing: git branch failed in the checkout: .*not a git repository.*; run the release in/,
    );
    rmSync(empty, { recursive: true });
    assert.match(
      await outcome("weather", "exists"),
      /^nothing: the repository has no weather; known are branch/,
    );
    assert.match(
      await outcome("branch", "exists", undefined, { env: { PATH: "/nowhere" } }),
      /^nothing: git is not on PATH/,
    );
  });

  it("is known at GitHub by its remote", () => {
    for (const url of [
      "https://github.com/owner/shop.git",
      "https://token@github.com/owner/shop",
      "git@github.com:owner/shop.git",
      "ssh://git@github.com/owner/shop/",
    ])
      assert.equal(gitHubNameOf(url), "owner/shop", url);
    assert.equal(gitHubNameOf("https://gitlab.com/owner/shop"), undefined);
    assert.equal(gitHubNameOf("https://github.com.evil.example/owner/shop"), undefined);
  });
});
