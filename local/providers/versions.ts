/**
 * The engine loads a plugin only when its version is exactly that of the npm package which asks for it; a test compares
 * these with the installed packages.
 */
export const STAND_IN_VERSIONS = { "azure-native": "3.28.0", random: "4.21.2" } as const;
