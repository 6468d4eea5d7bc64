/** The shared gateway, as routes name it. */
export const gatewayReference = { name: "shared", namespace: "platform", listener: "https" } as const;
