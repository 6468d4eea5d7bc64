import type { Json } from "../resource-types";

export interface ErrorDetail {
  code: string;
  message: string;
  target?: string;
}

/** A refusal in ARM's shape: `{error: {code, message, target, details}}`. */
export class ArmError extends Error {
  override readonly name = "ArmError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly options: { target?: string; details?: ErrorDetail[]; headers?: Record<string, string> } = {},
  ) {
    super(message);
  }

  toBody(): Json {
    const { target, details } = this.options;
    return {
      error: {
        code: this.code,
        message: this.message,
        ...(target === undefined ? {} : { target }),
        ...(details === undefined ? {} : { details }),
      },
    };
  }
}

const DISK_ERRORS: Record<string, string> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EACCES: "the folder may not be written",
  EPERM: "the folder may not be written",
};

/** A failed write of the state as an answer: nothing was changed, and why. Anything else is passed on as it is. */
export function diskError(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  const reason = code === undefined ? undefined : DISK_ERRORS[code];
  if (reason === undefined) return error;
  return new ArmError(
    507,
    "InsufficientStorage",
    `The local cloud could not write its state under ${folder}: ${reason} (${code}). Nothing was changed; make room or make the folder writable and try again.`,
  );
}
