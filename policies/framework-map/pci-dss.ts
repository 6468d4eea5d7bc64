import type { Framework } from "./framework";
import { leastPrivilege, logged } from "./rule-groups";

export const pciDss: Framework = {
  name: "PCI DSS",
  version: "4.0",
  controls: [
    {
      reference: "1.4.2",
      specification:
        "Inbound traffic from untrusted networks to trusted networks is restricted to communications with system components that are authorized to provide publicly accessible services, protocols, and ports",
      rules: ["edge-origin-private", "gateway-closed", "service-internal"],
    },
    {
      reference: "1.4.4",
      specification:
        "System components that store cardholder data are not directly accessible from untrusted networks",
      rules: ["cosmos-network-restricted", "database-network-private", "sql-network-private"],
    },
    {
      reference: "4.2.1",
      specification:
        "Strong cryptography and security protocols are implemented to safeguard PAN during transmission over open, public networks",
      rules: ["edge-domain-tls", "edge-https-only", "web-https-only", "web-minimum-tls"],
    },
    {
      reference: "6.4.2",
      specification:
        "For public-facing web applications, an automated technical solution is deployed that continually detects and prevents web-based attacks",
      rules: ["edge-firewall-bound", "edge-firewall-on"],
    },
    {
      reference: "7.2.5",
      specification:
        "All application and system accounts and related access privileges are assigned and managed as follows: based on the least privileges necessary for the operability of the system or application",
      rules: leastPrivilege,
    },
    {
      reference: "8.6.2",
      specification:
        "Passwords/passphrases for any application and system accounts that can be used for interactive login are not hard coded in scripts, configuration/property files, or bespoke and custom source code",
      rules: ["pod-no-plain-secret", "settings-no-plain-secret", "settings-secret-references"],
    },
    {
      reference: "10.2.1",
      specification: "Audit logs are enabled and active for all system components and cardholder data",
      rules: logged,
    },
    {
      reference: "11.5.1",
      specification:
        "Intrusion-detection and/or intrusion-prevention techniques are used to detect and/or prevent intrusions into the network",
      rules: ["cluster-guarded", "defender-plans"],
    },
  ],
};
