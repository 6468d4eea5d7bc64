import { InvalidArgumentError, Option } from "commander";
import { usualUsers } from "../release/usual-users";

/** `--users`: of every command that may walk a release itself. */
export function usersOption(): Option {
  return new Option(
    "--users <rate>",
    "on dev, whose systems have no users: requests a second that are sent as theirs, 0 for none",
  )
    .default(usualUsers)
    .argParser(rate);
}

function rate(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 1000) return value;
  throw new InvalidArgumentError("A whole number from 0 to 1000 is needed, such as 100.");
}
