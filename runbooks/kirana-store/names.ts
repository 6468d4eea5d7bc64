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
/** The first page; kubelets ask it whether the frontend is well (STO-104). */
export const pagePath = "/";
/** What is the API's on the one host; the frontend passes it on. */
export const apiPrefix = "/api";
export const healthPath = `${apiPrefix}/health`;
/** Answers the version that runs: an HTTP status alone proves none (conflicts 15). */
export const versionPath = `${apiPrefix}/version`;
/** Of the sockets, which stay open for as long as somebody looks; docs/catalogue.md asks the owner. */
export const socketsPath = `${apiPrefix}/realtime`;

/**
 * What kubelets, the prober, the scraper and releases ask all the time: gates of their own look at it. A user's visit of
 * the first page cannot be told from a kubelet's.
 */
export const machinePaths = [pagePath, healthPath, versionPath, metricsPath];
