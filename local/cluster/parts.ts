import { join } from "node:path";
import type { CertificateFiles } from "./certificates";
import type { ClusterFiles } from "./paths";
import type { ClusterPorts } from "./ports";
import { serviceRange } from "./service-addresses";

/** Executables of the control plane. */
export interface ControlPlaneBinaries {
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
}

export const partNames = ["etcd", "kube-apiserver", "kube-controller-manager", "kubelet"] as const;
export type PartName = (typeof partNames)[number];

/** What a process of a daemon runs. */
export interface ProcessCommand<Name extends string> {
  readonly name: Name;
  readonly command: string;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** One process of the cluster. */
export type PartCommand = ProcessCommand<PartName>;

interface PartsInput {
  readonly binaries: ControlPlaneBinaries;
  readonly files: ClusterFiles;
  readonly certificates: CertificateFiles;
  readonly ports: ClusterPorts;
  readonly stateDir: string;
}

/** Half of Go's default garbage allowed: 60 MB less resident in all, for a start that takes 0.1 s longer. */
const go = { GOGC: "50" } as const;
/** The node's own lease is renewed every 10 s; the controller's default of 50 s holds. */
const eventsLive = "1h";

/** What to run, in the order in which a stop is reversed. */
export function partCommands(input: PartsInput): PartCommand[] {
  return [etcd(input), apiServer(input), controllerManager(input), kubelet(input)];
}

function etcd({ binaries, files, certificates, ports }: PartsInput): PartCommand {
  const client = `https://127.0.0.1:${ports.etcd}`;
  const peer = `https://127.0.0.1:${ports.etcdPeer}`;
  return {
    name: "etcd",
    command: binaries.etcd,
    environment: go,
    argv: [
      ...["--name", "default", "--data-dir", files.etcdData, "--logger=zap", "--log-level=warn"],
      ...["--listen-client-urls", client, "--advertise-client-urls", client],
      ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer],
      ...["--initial-cluster", `default=${peer}`, "--auto-compaction-retention=30m", "--snapshot-count=5000"],
      // What a killed process wrote is the system's to keep; only a machine that loses its power can lose or damage it.
      "--unsafe-no-fsync",
      ...["--client-cert-auth", "--trusted-ca-file", certificates.etcdCa],
      ...["--cert-file", certificates.certificate("etcd"), "--key-file", certificates.key("etcd")],
      ...["--peer-client-cert-auth", "--peer-trusted-ca-file", certificates.etcdCa],
      ...["--peer-cert-file", certificates.certificate("etcd"), "--peer-key-file", certificates.key("etcd")],
    ],
  };
}

function apiServer({ binaries, certificates, ports }: PartsInput): PartCommand {
  return {
    name: "kube-apiserver",
    command: binaries.kubeApiserver,
    environment: go,
    argv: [
      ...[`--etcd-servers=https://127.0.0.1:${ports.etcd}`, `--etcd-cafile=${certificates.etcdCa}`],
      `--etcd-certfile=${certificates.certificate("etcd-client")}`,
      `--etcd-keyfile=${certificates.key("etcd-client")}`,
      ...["--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", `--secure-port=${ports.api}`],
      `--tls-cert-file=${certificates.certificate("kube-apiserver")}`,
      `--tls-private-key-file=${certificates.key("kube-apiserver")}`,
      ...[`--client-ca-file=${certificates.ca}`, "--anonymous-auth=false", "--authorization-mode=RBAC"],
      `--service-cluster-ip-range=${serviceRange}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${certificates.serviceAccountPublicKey}`,
      `--service-account-signing-key-file=${certificates.serviceAccountKey}`,
      // Loopback addresses are refused as endpoints of a Service.
      ...["--endpoint-reconciler-type=none", `--event-ttl=${eventsLive}`, "--profiling=false"],
    ],
  };
}

function controllerManager({ binaries, certificates }: PartsInput): PartCommand {
  return {
    name: "kube-controller-manager",
    command: binaries.kubeControllerManager,
    environment: go,
    argv: [
      `--kubeconfig=${join(certificates.folder, "kube-controller-manager.kubeconfig")}`,
      ...[
        "--secure-port=0",
        "--leader-elect=false",
        "--use-service-account-credentials",
        "--profiling=false",
      ],
      `--service-account-private-key-file=${certificates.serviceAccountKey}`,
      `--root-ca-file=${certificates.ca}`,
      `--service-cluster-ip-range=${serviceRange}`,
      // A dev cluster settles in seconds: an idle colour that is scaled down must not linger for five minutes.
      "--horizontal-pod-autoscaler-sync-period=5s",
    ],
  };
}

function kubelet({ stateDir, certificates }: PartsInput): PartCommand {
  return {
    name: "kubelet",
    command: process.execPath,
    environment: { NODE_OPTIONS: "--max-semi-space-size=2" },
    argv: [
      join(__dirname, "kubelet", "main.js"),
      ...["--state-dir", stateDir],
      ...["--kubeconfig", join(certificates.folder, "kubelet.kubeconfig")],
    ],
  };
}
