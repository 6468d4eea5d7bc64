import type { Entry } from "../../vocabulary";

/** The runbook of kirana-store as data, room by room; every statement of it sits on exactly one entry. */
export const entries: readonly Entry[] = [];
