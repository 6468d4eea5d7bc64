const notFolder = "there is a file where a folder is needed";
const notPermitted = "it may not be written by this user";

/** Why something could not be written, in words; what is not among them keeps the system's own. */
const words: Readonly<Record<string, string>> = {
  EEXIST: notFolder,
  ENOTDIR: notFolder,
  EISDIR: "it is a folder",
  EACCES: notPermitted,
  EPERM: notPermitted,
  EROFS: "its file system is read-only",
  ENOSPC: "no space left on the device",
  EDQUOT: "this user's quota of the device is used up",
  ENAMETOOLONG: "its name is too long",
};

export function writeFault(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code !== undefined && words[code]) || message;
}
