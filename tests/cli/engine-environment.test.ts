import { strict as assert } from "node:assert";
import { engineEnvironment, localExports, remoteExports, withKubernetes } from "../../cli/engine/environment";

const workspace = { root: "/w", dist: "/w/dist", policyPack: "/w/policies", stateDir: "/w/.switchyard" };
const user = {
  PATH: "/usr/bin",
  HOME: "/home/u",
  AZURE_CLIENT_SECRET: "s",
  AWS_SECRET_ACCESS_KEY: "s",
  PULUMI_ACCESS_TOKEN: "t",
  PULUMI_BACKEND_URL: "azblob://state",
  HTTPS_PROXY: "http://proxy",
};

describe("environment of the engine", () => {
  it("on dev holds no login of a cloud and always names the local backend", () => {
    const environment = engineEnvironment({ workspace, binDir: "/cache/bin", mode: { kind: "local" }, user });
    for (const name of ["AZURE_CLIENT_SECRET", "AWS_SECRET_ACCESS_KEY", "PULUMI_ACCESS_TOKEN"]) {
      assert.equal(environment[name], undefined, name);
    }
    assert.equal(environment.PULUMI_BACKEND_URL, "file:///w/.switchyard/backend");
    assert.equal(environment.PULUMI_HOME, "/w/.switchyard/pulumi-home");
    assert.equal(environment.HTTPS_PROXY, "http://proxy");
  });

  it("gives the passphrase by file name, never by value", () => {
    const environment = engineEnvironment({ workspace, binDir: "/cache/bin", mode: { kind: "local" }, user });
    assert.equal(environment.PULUMI_CONFIG_PASSPHRASE, undefined);
    assert.equal(environment.PULUMI_CONFIG_PASSPHRASE_FILE, "/w/.switchyard/passphrase");
  });

  it("of an offline preview names its stack and another backend, and still holds no login", () => {
    const mode = { kind: "offline", stack: "production" } as const;
    const environment = engineEnvironment({ workspace, binDir: "/cache/bin", mode, user });
    assert.equal(environment.SWITCHYARD_OFFLINE_STACK, "production");
    assert.equal(environment.PULUMI_BACKEND_URL, "file:///w/.switchyard/offline/backend");
    assert.equal(environment.AZURE_CLIENT_SECRET, undefined);
  });

  it("of staging and production passes the login and the user's backend on, and nothing foreign", () => {
    const environment = engineEnvironment({
      workspace,
      binDir: "/cache/bin",
      mode: { kind: "remote" },
      user,
    });
    assert.equal(environment.AZURE_CLIENT_SECRET, "s");
    assert.equal(environment.PULUMI_BACKEND_URL, "azblob://state");
    assert.equal(environment.AWS_SECRET_ACCESS_KEY, undefined);
    assert.equal(environment.SWITCHYARD_STATE_DIR, undefined);
  });

  it("puts the CLI's folder in front of PATH once", () => {
    const twice = engineEnvironment({
      workspace,
      binDir: "/cache/bin",
      mode: { kind: "local" },
      user: { PATH: "/cache/bin:/usr/bin" },
    });
    assert.equal(twice.PATH, "/cache/bin:/usr/bin");
  });

  it("with a cluster finds it, and the user's own kubectl comes before ours", () => {
    const kubernetes = {
      exports: { KUBECONFIG: "/w/k", SWITCHYARD_KUBERNETES_PROVIDER_VERSION: "4.18.1" },
      kubectlFolder: "/w/.switchyard/bin",
    };
    const environment = withKubernetes({ PATH: "/usr/bin", HOME: "/home/u" }, kubernetes);
    assert.deepEqual(environment, {
      PATH: "/usr/bin:/w/.switchyard/bin",
      HOME: "/home/u",
      KUBECONFIG: "/w/k",
      SWITCHYARD_KUBERNETES_PROVIDER_VERSION: "4.18.1",
    });
    assert.equal(withKubernetes(environment, kubernetes).PATH, environment.PATH, "once");
  });

  it("does not pass the user's own KUBECONFIG on", () => {
    const own = { ...user, KUBECONFIG: "/home/u/.kube/config" };
    for (const mode of [{ kind: "local" }, { kind: "offline", stack: "staging" }] as const) {
      const environment = engineEnvironment({ workspace, binDir: "/cache/bin", mode, user: own });
      assert.equal(environment.KUBECONFIG, undefined);
    }
  });
});

describe("exports for plain pulumi on staging and production", () => {
  it("are the way to the CLI alone: login and backend stay the user's", () => {
    assert.deepEqual(remoteExports(workspace, "/cache/bin", user), {
      PATH: "/cache/bin:/usr/bin",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });
  });

  it("take back what dev's exports put into the shell, and no more", () => {
    const dev = withKubernetes(localExports(workspace, "/cache/bin", user.PATH), {
      exports: { KUBECONFIG: "/w/.switchyard/kubeconfig" },
      kubectlFolder: "/w/.switchyard/bin",
    });
    const shell = { ...user, ...dev };
    const exports = remoteExports(workspace, "/cache/bin", shell);
    assert.equal(exports.PATH, shell.PATH);
    const left = Object.keys(dev).filter((name) => !(name in exports));
    assert.deepEqual(left, ["SWITCHYARD_STATE_DIR"]);
    const unset = Object.keys(exports).filter((name) => exports[name] === undefined);
    assert.ok(unset.includes("PULUMI_BACKEND_URL") && unset.includes("KUBECONFIG"));
    assert.ok(!unset.some((name) => name.startsWith("AZURE_")));
  });
});
