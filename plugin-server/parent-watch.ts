const INTERVAL_MILLISECONDS = 500;

/**
 * Ends this process when the one that started it is gone: a killed CLI leaves its plugins behind. Standard input cannot
 * tell (the engine closes it at once), so the parent's id is looked at.
 */
export function exitWithParent(onExit: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid === parent) return;
    onExit();
    process.exit(1);
  }, INTERVAL_MILLISECONDS).unref();
}
