export { everyMonitoredSystem as contracts } from "../../../infra/monitoring/every-contract";
