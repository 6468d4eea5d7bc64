/** The one subscription and tenant that the embedded local cloud has. No real subscription has these ids. */
export const localSubscriptionId = "00000000-0000-4000-8000-0000000de000";
export const localTenantId = "00000000-0000-4000-8000-0000000de001";

/** What to do instead of a second stack on the embedded cloud, which serves one. */
export const secondLocalStackMend =
  "use dev; a folder of its own gives another cloud and state: SWITCHYARD_STATE_DIR=FOLDER npx switchyard up";
