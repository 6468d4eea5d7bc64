import assert from "node:assert/strict";
import { generateKeyPairSync, webcrypto } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { parse, stringify } from "yaml";
import { definitionsNeeded, resourcesNeeded } from "../../../cli/engine/own-cluster-needs";
import type { ApiClient } from "../../../local/cluster/api-client";
import { requireUserCluster, type UserClusterOptions } from "../../../local/cluster/user-cluster";
import {
  requireDefinitions,
  requireFreeNamespaces,
  requireRights,
} from "../../../local/cluster/user-cluster-room";
import { ensureClusterTools } from "../../../local/toolchain/ensure-cluster-tools";
import { until } from "../../support/until";
import { TestCluster } from "./support";

interface Kubeconfig {
  "current-context": string;
  users: { user: Record<string, string> }[];
}

// A real API server under a kubeconfig whose names are not ours.
describe("a cluster of the user's own", function () {
  this.timeout(60_000);
  const cluster = new TestCluster();
  let folder: string;
  let api: ApiClient;
  let own: UserClusterOptions;
  let text: string;

  before(async function () {
    this.timeout(180_000);
    folder = mkdtempSync("/tmp/switchyard-own-");
    const { kubeconfig } = await cluster.start({ withoutKubelet: true });
    api = cluster.api();
    text = readFileSync(kubeconfig, "utf8").replaceAll("switchyard-dev", "somewhere");
    const { binDir } = await ensureClusterTools();
    own = { kubeconfig, kubectl: join(binDir, "kubectl"), env: { ...process.env, HOME: folder } };
    own = with_(() => undefined);
  });
  after(async function () {
    this.timeout(60_000);
    await cluster.remove();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  /** The same cluster by a kubeconfig that was changed. */
  function with_(change: (config: Kubeconfig) => void): UserClusterOptions {
    const config = parse(text) as Kubeconfig;
    change(config);
    const kubeconfig = join(mkdtempSync(join(folder, "k-")), "config");
    writeFileSync(kubeconfig, stringify(config), { mode: 0o600 });
    return { ...own, kubeconfig };
  }
  const loginBy = (user: Record<string, string>) =>
    with_(({ users }) => {
      users[0]!.user = user;
    });

  it("is known by the UID of kube-system, whatever the kubeconfig calls it", async () => {
    const { metadata } = await api.call<{ metadata: { uid: string } }>(
      "GET",
      "/api/v1/namespaces/kube-system",
    );
    assert.equal(await requireUserCluster(own), metadata.uid);
  });

  it("is not asked with a context that the file does not have, or with a file without one", async () => {
    const gone = with_((config) => {
      config["current-context"] = "gone";
    });
    await assert.rejects(requireUserCluster(gone), /no kubeconfig with a usable current context: .*gone/);
    const empty = join(folder, "empty");
    writeFileSync(empty, "{}");
    await assert.rejects(
      requireUserCluster({ ...own, kubeconfig: empty }),
      /no kubeconfig with a usable current context/,
    );
  });

  it("says that a login's certificate has expired, and that an unknown one is not accepted", async () => {
    const ended = new Date(Date.now() - 60_000);
    await assert.rejects(requireUserCluster(loginBy(await certificateUntil(ended))), /has expired: .* ended/);
    const later = new Date(Date.now() + 3_600_000);
    await assert.rejects(
      requireUserCluster(loginBy(await certificateUntil(later))),
      /does not accept the login/,
    );
  });

  it("lists the rights that a login lacks; an administrator lacks none", async () => {
    await requireRights(own, resourcesNeeded);
    const base = "/apis/rbac.authorization.k8s.io/v1";
    const name = "reader";
    await api.call("POST", "/api/v1/namespaces/default/serviceaccounts", { body: { metadata: { name } } });
    await api.call("POST", `${base}/clusterroles`, {
      body: {
        metadata: { name },
        rules: [{ apiGroups: [""], resources: ["namespaces", "configmaps"], verbs: ["get", "create"] }],
      },
    });
    await api.call("POST", `${base}/clusterrolebindings`, {
      body: {
        metadata: { name },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
        subjects: [{ kind: "ServiceAccount", namespace: "default", name }],
      },
    });
    const { status } = await api.call<{ status: { token: string } }>(
      "POST",
      `/api/v1/namespaces/default/serviceaccounts/${name}/token`,
      { body: { spec: {} } },
    );
    const reader = loginBy({ token: status.token });
    await until("the role counts", async () => (await requireUserCluster(reader)) !== "");
    await requireDefinitions(reader, definitionsNeeded);
    await assert.rejects(
      requireRights(reader, resourcesNeeded),
      /lacks rights on its cluster: patch\/delete of configmaps, namespaces; get\/create\/patch\/delete of .*deployments/,
    );
  });

  it("names the definitions it lacks, by kind and as a whole group", async () => {
    await requireDefinitions(own, definitionsNeeded);
    const none = { group: "nobody.invalid", resource: "things" };
    const other = { group: "gateway.networking.k8s.io", resource: "udproutes" };
    await assert.rejects(
      requireDefinitions(own, [none, other, ...definitionsNeeded]),
      /lacks the custom resource definitions things\.nobody\.invalid, udproutes\.gateway\.networking\.k8s\.io$/,
    );
  });

  it("keeps its namespaces: one that the stack did not make is refused", async () => {
    await api.call("POST", "/api/v1/namespaces", { body: { metadata: { name: "shop" } } });
    await requireFreeNamespaces(own, ["free"], new Set());
    await requireFreeNamespaces(own, ["free", "shop"], new Set(["shop"]));
    await assert.rejects(
      requireFreeNamespaces(own, ["free", "shop"], new Set(["other"])),
      /has the namespace shop already, and this stack did not make it/,
    );
  });
});

/** A login that no cluster's root has signed. */
async function certificateUntil(notAfter: Date): Promise<Record<string, string>> {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const pkcs8 = privateKey.export({ type: "pkcs8", format: "der" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: "CN=somebody",
      notBefore: new Date(notAfter.getTime() - 7_200_000),
      notAfter,
      signingAlgorithm: algorithm,
      keys: {
        privateKey: await webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]),
        publicKey: await webcrypto.subtle.importKey("spki", spki, algorithm, true, ["verify"]),
      },
    },
    webcrypto as never,
  );
  const base64 = (pem: string) => Buffer.from(pem).toString("base64");
  return {
    "client-certificate-data": base64(certificate.toString("pem")),
    "client-key-data": base64(privateKey.export({ type: "pkcs8", format: "pem" }) as string),
  };
}
