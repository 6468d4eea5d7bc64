import { InvalidArgumentError } from "commander";

/** For options that take a whole number of 0 or more. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("A whole number is needed, such as 8080.");
  return Number(text);
}

/** For options that take a file or folder: an empty one is a variable that is not set, and would mean the working folder. */
export function pathName(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("A path is needed, such as report.json.");
  return text;
}

/** For options that take why somebody does something: a journal that keeps a blank keeps nothing. */
export function reasonText(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("A reason is needed, in words.");
  return text;
}

/** For options that take a TCP port. */
export function portNumber(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535) throw new InvalidArgumentError("A port is a whole number from 1 to 65535.");
  return port;
}

/** For options that take a share. */
export function shareNumber(text: string): number {
  const share = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(share >= 0 && share <= 1))
    throw new InvalidArgumentError("A share is a number from 0 to 1, such as 0.2.");
  return share;
}
