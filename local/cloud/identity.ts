/** The one subscription the embedded cloud has; no subscription of Azure carries this id. */
export const LOCAL_SUBSCRIPTION_ID = "00000000-0000-4000-8000-0000000de000";

/** The one tenant of the embedded cloud. */
export const LOCAL_TENANT_ID = "00000000-0000-4000-8000-0000000de001";

/** Who "runs" a deployment here: the answer to `getClientConfig`. */
export const LOCAL_CLIENT_ID = "00000000-0000-4000-8000-0000000de002";
export const LOCAL_OBJECT_ID = "00000000-0000-4000-8000-0000000de003";
