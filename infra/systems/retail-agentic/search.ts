import type * as pulumi from "@pulumi/pulumi";
import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import { customResource } from "../../kubernetes/custom-resource";
import { labelsOf } from "../../kubernetes/labels";
import { MaintenanceJob } from "../../kubernetes/maintenance-job";
import { objectOf } from "../../kubernetes/options";
import { StatefulService } from "../../kubernetes/stateful-service";
import type { SystemNamespace } from "../../kubernetes/system-namespace";
import type { SystemSettings } from "../../settings";
import type { RetailNames } from "./names";
import { overHttps, toSearch } from "./network";
import { vaultSecrets } from "./secrets";

const { search } = contract;

/** Secret that cert-manager writes: certificate, key and the authority that signed them. */
export const certificateSecret = `${search.name}-certificate`;

/** Uid of the image's own user (Elastic, "Install Elasticsearch with Docker"). */
const elasticsearchUser = 1000;
const configFolder = "/usr/share/elasticsearch/config";
const certificateFolder = `${configFolder}/certificates`;
/** Elasticsearch may read below its configuration alone (Elastic, "Azure repository", Azure Workload Identity). */
const identityTokenFolder = `${configFolder}/azure`;
/** Where the preparation sees the folder that it fills. */
const preparedFolder = "/prepared";

export interface SearchArgs {
  readonly name: string;
  readonly names: RetailNames;
  readonly settings: SystemSettings<"retail-agentic">;
  readonly namespace: SystemNamespace;
  readonly clientId: pulumi.Input<string>;
  readonly emulated: boolean;
  readonly guarded: boolean;
  /** Options of what is made on the cluster. */
  readonly onCluster: pulumi.ComponentResourceOptions;
}

/** Elasticsearch in the cluster with its certificate and a snapshot a day (RET-017, RET-033, conflicts 18 and 19). */
export function declareSearch(args: SearchArgs): void {
  const { name, names, settings, namespace, clientId, onCluster } = args;
  const { environment } = settings.stack;
  const { elasticsearchImage, searchToolsImage } = settings.own;
  if (elasticsearchImage === undefined || searchToolsImage === undefined)
    throw new Error("Elasticsearch in the cluster has no image: the settings should not have been accepted");
  const { replicas, resources, heapMebibytes, port, peerPort, user } = search;
  const { cpuMillicores, memoryMebibytes } = resources;
  const service = new StatefulService(
    `${name}-search`,
    {
      system: contract.system,
      environment,
      namespace,
      objectName: search.name,
      image: elasticsearchImage,
      replicas: replicas[environment],
      port,
      peerPort,
      environmentVariables: searchVariables(replicas[environment], heapMebibytes),
      secrets: vaultSecrets(settings, names, { ELASTIC_PASSWORD: "elasticsearch-password" }),
      ...(environment !== "dev" && {
        secretFiles: [{ name: "certificate", secret: certificateSecret, mountPath: certificateFolder }],
      }),
      resources: {
        requests: { cpu: `${cpuMillicores.request}m`, memory: `${memoryMebibytes.request}Mi` },
        limits: { cpu: `${cpuMillicores.limit}m`, memory: `${memoryMebibytes.limit}Mi` },
      },
      disk: {
        mountPath: "/usr/share/elasticsearch/data",
        size: `${settings.own.elasticsearchDiskGb}Gi`,
        storageClass: "managed-csi-premium",
      },
      writableFolders: [
        { name: "config", mountPath: configFolder, sizeLimit: "64Mi" },
        { name: "logs", mountPath: "/usr/share/elasticsearch/logs", sizeLimit: "1Gi" },
        { name: "tmp", mountPath: "/tmp", sizeLimit: "1Gi" },
      ],
      // The account of the snapshots is a setting that Elasticsearch takes from its keystore alone, and the folder that
      // holds it is read-only in the image.
      preparation: {
        folder: "config",
        mountPath: preparedFolder,
        command: [
          "/bin/bash",
          "-euc",
          [
            `cp -r ${configFolder}/. ${preparedFolder}/`,
            `export ES_PATH_CONF=${preparedFolder}`,
            "elasticsearch-keystore create",
            `printf %s "${names.backups}" | elasticsearch-keystore add --stdin azure.client.default.account`,
          ].join("\n"),
        ],
      },
      probe: { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
      userId: elasticsearchUser,
      ingress: [
        { labels: { app: contract.components.backend.name } },
        { labels: { app: snapshotTask.name } },
      ],
      egress: [overHttps],
      identityClientId: clientId,
      identityTokenFolder,
      guarded: args.guarded,
    },
    onCluster,
  );
  // Dev has no cert-manager, and nothing there that would read a certificate.
  if (environment !== "dev") declareCertificate(args, service);
  new MaintenanceJob(
    `${name}-search-snapshot`,
    {
      system: contract.system,
      environment,
      namespace,
      objectName: snapshotTask.name,
      image: searchToolsImage,
      command: ["/bin/sh", "-euc", snapshotScript(user)],
      schedule: snapshotTask.schedule,
      resources: {
        requests: { cpu: "50m", memory: "64Mi" },
        limits: { memory: "128Mi" },
      },
      deadlineSeconds: snapshotTask.deadlineMinutes * 60,
      environmentVariables: { SEARCH_URL: `https://${search.name}:${port}` },
      secrets: vaultSecrets(settings, names, { ELASTIC_PASSWORD: "elasticsearch-password" }),
      ...(environment !== "dev" && {
        clusterSecrets: { SEARCH_CA: { secret: certificateSecret, key: "ca.crt" } },
      }),
      writableFolders: [{ name: "tmp", mountPath: "/tmp", sizeLimit: "16Mi" }],
      identityClientId: clientId,
      egress: [toSearch],
    },
    onCluster,
  );
}

const snapshotTask = contract.tasks.find(
  (task): task is Extract<(typeof contract.tasks)[number], { image: "searchTools" }> =>
    task.image === "searchTools",
)!;

function searchVariables(replicas: number, heapMebibytes: number): Record<string, string> {
  const peers = Array.from({ length: replicas }, (_none, index) => `${search.name}-${index}`);
  const tls = (layer: "http" | "transport") => ({
    [`xpack.security.${layer}.ssl.enabled`]: "true",
    [`xpack.security.${layer}.ssl.certificate`]: `${certificateFolder}/tls.crt`,
    [`xpack.security.${layer}.ssl.key`]: `${certificateFolder}/tls.key`,
    [`xpack.security.${layer}.ssl.certificate_authorities`]: `${certificateFolder}/ca.crt`,
  });
  return {
    "cluster.name": search.name,
    "node.name": "$(POD_NAME)",
    "network.host": "0.0.0.0",
    "discovery.seed_hosts": `${search.name}-peers`,
    "cluster.initial_master_nodes": peers.join(","),
    // Without it the node would need a kernel setting that only root can make.
    "node.store.allow_mmap": "false",
    "xpack.security.enabled": "true",
    ...tls("http"),
    ...tls("transport"),
    // A peer is asked for by the address of its pod, which is another one after each start and so in no certificate. Who
    // has one of the namespace's own authority is let in.
    "xpack.security.transport.ssl.verification_mode": "certificate",
    ES_JAVA_OPTS: `-Xms${heapMebibytes}m -Xmx${heapMebibytes}m`,
  };
}

/**
 * Says where snapshots go and for how long they are kept, then makes today's and waits for it. Saying it again changes
 * nothing.
 */
function snapshotScript(user: string): string {
  const { repository, container } = search.snapshots;
  const curl = `curl --fail-with-body --silent --show-error --cacert /tmp/ca.crt --config /tmp/login`;
  const json = `--header 'Content-Type: application/json'`;
  const day = 24 * 60 * 60;
  return [
    "umask 077",
    'printf %s "$SEARCH_CA" > /tmp/ca.crt',
    // In a file: a password on a command line is seen by every process.
    `printf 'user = "${user}:%s"\\n' "$ELASTIC_PASSWORD" > /tmp/login`,
    `${curl} --request PUT ${json} --data '${JSON.stringify({
      type: "azure",
      settings: { container },
    })}' "$SEARCH_URL/_snapshot/${repository}"`,
    `today=$(date -u +%Y%m%d%H%M%S)`,
    `${curl} --request PUT "$SEARCH_URL/_snapshot/${repository}/daily-$today?wait_for_completion=true" > /tmp/result`,
    "cat /tmp/result",
    `grep -q '"state":"SUCCESS"' /tmp/result`,
    `oldest=$(date -u -d "@$(( $(date +%s) - ${contract.retentionDays} * ${day} ))" +%Y%m%d%H%M%S)`,
    `${curl} "$SEARCH_URL/_cat/snapshots/${repository}?h=id" | while read -r id; do`,
    `  case "$id" in daily-*) ;; *) continue ;; esac`,
    `  if [ "\${id#daily-}" -lt "$oldest" ]; then ${curl} --request DELETE "$SEARCH_URL/_snapshot/${repository}/$id"; fi`,
    "done",
  ].join("\n");
}

/** A certificate from an authority of the namespace's own: nobody outside trusts it, and nobody outside connects. */
function declareCertificate({ name, namespace, settings }: SearchArgs, parent: pulumi.Resource): void {
  const labels = labelsOf({
    system: contract.system,
    component: search.name,
    environment: settings.stack.environment,
  });
  const authority = `${search.name}-authority`;
  const certManager = (kind: "Issuer" | "Certificate", objectName: string, spec: pulumi.Inputs) =>
    customResource(
      `${name}-search-${objectName}-${kind.toLowerCase()}`,
      {
        apiVersion: "cert-manager.io/v1",
        kind,
        metadata: { name: objectName, namespace: namespace.namespaceName, labels },
        spec,
      },
      objectOf(parent, { dependsOn: [namespace.namespace] }),
    );
  const issuer = (issuerName: string) => ({ name: issuerName, kind: "Issuer", group: "cert-manager.io" });
  const privateKey = { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" };
  const selfSigned = `${search.name}-self-signed`;
  certManager("Issuer", selfSigned, { selfSigned: {} });
  certManager("Certificate", authority, {
    isCA: true,
    commonName: authority,
    secretName: authority,
    duration: "87600h",
    privateKey: { ...privateKey, rotationPolicy: "Never" },
    issuerRef: issuer(selfSigned),
  });
  certManager("Issuer", authority, { ca: { secretName: authority } });
  certManager("Certificate", search.name, {
    secretName: certificateSecret,
    duration: "2160h",
    renewBefore: "720h",
    privateKey,
    usages: ["server auth", "client auth"],
    dnsNames: [search.name, `${search.name}.${namespace.namespaceName}.svc`, `*.${search.name}-peers`],
    issuerRef: issuer(authority),
  });
}
