/** Namespace of everything that the store has on the cluster (conflicts 20). */
export const namespace = "kirana-store";

/** Components of a colour: the images of the runbook, kirana-backend and kirana-frontend, under the store's prefix. */
export const backend = "kirana-store-backend";
export const frontend = "kirana-store-frontend";

/**
 * Container ports of the blue deployment in the runbook. There green has others (5001, 3001), because both share a
 * host; pods have addresses of their own (conflicts 59).
 */
export const backendPort = 5000;
export const frontendPort = 3000;

export const metricsPath = "/metrics";
export const healthPath = "/api/health";
/** Answers the version that runs: an HTTP status alone proves none (conflicts 15). */
export const versionPath = "/api/version";
