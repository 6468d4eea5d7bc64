/** Key by which the engine marks a secret, an asset or a reference among plain values; a value names which of them it is. */
export const signatureKey = "4dabf18193072939515e22adb298388d";
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
