type Sdk = typeof import("@pulumi/policy");

/**
 * What the SDK throws where a rule reads a value that preview does not know. Taken from the SDK's own file, which needs
 * nothing else: who only lists the rules then loads no SDK (a second of every `up` and `preview`).
 */
export const { UnknownValueError } = require("@pulumi/policy/proxy") as Pick<Sdk, "UnknownValueError">;
