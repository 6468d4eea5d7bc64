import { azure } from "../../azure/types";
import { forbiddenPropertyRule } from "../../property-rule";

export const staticSiteNoDeployOnPush = forbiddenPropertyRule({
  name: "static-site-no-deploy-on-push",
  topic: "edge",
  displayName: "A push does not deploy the web app",
  description:
    "A static web app is not connected to a repository: a push would bypass every gate and window.",
  severity: "high",
  ids: ["KIR-081", "KIR-083"],
  conflicts: [33],
  remediationSteps: "Drop repositoryUrl, branch and repositoryToken; the release deploys the artefact.",
  types: [azure.staticSite],
  names: ["repositoryUrl", "branch", "repositoryToken"],
  because: "the release deploys the web app",
});
