import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

import writeFileAtomic = require("write-file-atomic");

import { outliveLog } from "../../daemon/outlive-log";
import { processStart } from "../../daemon/process-identity";
import { ApiClient } from "../api-client";
import { readAccess } from "../kubeconfig";
import { clusterFiles } from "../paths";
import { createControlServer } from "./control-server";
import type { KubeletEndpoint } from "./endpoint";
import { Kubelet } from "./kubelet";
import { PodFaults } from "./pod-faults";

/** The emulated kubelet as a process of its own, started by the supervisor. */
async function serve(): Promise<void> {
  outliveLog();
  const { values } = parseArgs({
    options: { "state-dir": { type: "string" }, kubeconfig: { type: "string" } },
  });
  const { "state-dir": stateDir, kubeconfig } = values;
  if (stateDir === undefined || kubeconfig === undefined)
    throw new Error("--state-dir and --kubeconfig are required");
  const files = clusterFiles(stateDir);
  const faults = new PodFaults(files.podFaults);
  const kubelet = new Kubelet(new ApiClient(readAccess(kubeconfig)), faults);
  const token = randomBytes(32).toString("base64url");
  const control = createControlServer({
    token,
    faults,
    pods: () => kubelet.pods,
    onFaultsChanged: () => kubelet.faultsChanged(),
  });
  await new Promise<void>((resolve, reject) => {
    control.once("error", reject);
    control.listen(0, "127.0.0.1", resolve);
  });
  const endpoint: KubeletEndpoint = {
    url: `http://127.0.0.1:${(control.address() as AddressInfo).port}`,
    token,
    pid: process.pid,
    processStart: processStart(process.pid) ?? "",
  };
  await writeFileAtomic(files.kubelet, `${JSON.stringify(endpoint, null, 1)}\n`, { mode: 0o600 });
  // Pods outlive the kubelet: the next one takes them up where they are.
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(0));
  await kubelet.run();
}

serve().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
