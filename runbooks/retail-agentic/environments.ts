/**
 * Hosts below the owner's domain, which the runbook writes as example.com. Those of dev follow production's. Each has
 * a certificate of its own, so that admin.staging needs no wildcard of a second level.
 */
export const hosts = {
  ids: ["RET-027", "RET-028", "RET-062", "RET-063", "RET-064", "RET-077"],
  conflicts: [21, 65],
  placeholderDomain: "example.com",
  production: { api: "api.", consumer: "www.", admin: "admin." },
  staging: { api: "staging-api.", consumer: "staging.", admin: "admin.staging." },
  dev: { api: "api.", consumer: "www.", admin: "admin." },
} as const;

/** Branch whose builds an environment takes; the release asks the build's evidence. */
export const branches = {
  ids: ["RET-026", "RET-027", "RET-028", "RET-029"],
  dev: "feature/*",
  staging: "develop",
  production: "main",
} as const;
