import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";

/** Name of the context in the kubeconfig of the local cluster. */
export const localContext = "switchyard-dev";

export interface ClusterAccess {
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** The text of a kubeconfig with one context; it needs no other file. */
export function kubeconfigText({ server, ca, certificate, key }: ClusterAccess): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      "current-context": localContext,
      clusters: [{ name: localContext, cluster: { server, "certificate-authority-data": base64(ca) } }],
      users: [
        {
          name: localContext,
          user: { "client-certificate-data": base64(certificate), "client-key-data": base64(key) },
        },
      ],
      contexts: [{ name: localContext, context: { cluster: localContext, user: localContext } }],
    },
    { lineWidth: 0 },
  );
}

interface Kubeconfig {
  readonly clusters: readonly { cluster: { server: string; "certificate-authority-data": string } }[];
  readonly users: readonly {
    user: { "client-certificate-data": string; "client-key-data": string };
  }[];
}

/** Reads a kubeconfig that `kubeconfigText` has made. */
export function readAccess(file: string): ClusterAccess {
  const { clusters, users } = parse(readFileSync(file, "utf8")) as Kubeconfig;
  const [cluster, user] = [clusters[0]!.cluster, users[0]!.user];
  const text = (base64: string) => Buffer.from(base64, "base64").toString("utf8");
  return {
    server: cluster.server,
    ca: text(cluster["certificate-authority-data"]),
    certificate: text(user["client-certificate-data"]),
    key: text(user["client-key-data"]),
  };
}
