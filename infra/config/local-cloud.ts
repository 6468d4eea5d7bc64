/** The one subscription and tenant that the embedded local cloud has. No real subscription has these ids. */
export const localSubscriptionId = "00000000-0000-4000-8000-0000000de000";
export const localTenantId = "00000000-0000-4000-8000-0000000de001";
