import type { AlertCases } from "../../support/alert-case";
import { derived } from "./derived";
import { listed } from "./listed";

export const cases: AlertCases = { ...listed, ...derived };
