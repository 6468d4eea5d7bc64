import { InvalidArgumentError } from "commander";

/** For options that take a whole number of 0 or more. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("A whole number is needed, such as 8080.");
  return Number(text);
}
