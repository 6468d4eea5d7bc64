import { exemptedText } from "../reports/exempted";
import { ownMessage } from "../reports/headline";
import type { Report } from "../reports/model";
import { shortName } from "../reports/urn";

/** The pack's advisory rule about exemptions that end within days. */
const ending = "exemptions-not-expiring";

/**
 * Lines that say loudly which exemptions end within days: in CI as annotations, which stand on the run's own page and on
 * the pull request.
 */
export function endingNotices(report: Report, environment: NodeJS.ProcessEnv): readonly string[] {
  const described = report.rules.find(({ name }) => name === ending);
  return report.policies
    .filter(({ rule, verdict }) => rule === ending && verdict !== "pass")
    .map((verdict) => ownMessage(verdict, described))
    .map((message) => {
      if (environment.GITHUB_ACTIONS === "true") return `::warning title=Exemption ends::${oneLine(message)}`;
      if (environment.TF_BUILD !== undefined)
        return `##vso[task.logissue type=warning]${oneLine(message).replaceAll("]", "%5D")}`;
      return `warning: ${message}`;
    });
}

/** What is exempted, a line each, for a run that prints no report. */
export function exemptedNotices({ exempted }: Report): readonly string[] {
  return exempted.map((one) => `exempted: ${one.rule} on ${shortName(one.urn)} ${exemptedText(one)}`);
}

/** As both forges take a message apart: `%`, and line ends, are written by their numbers. */
function oneLine(message: string): string {
  return message.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
