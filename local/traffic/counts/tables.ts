import type { RequestCounts, RequestRow } from "./request-counts";

export type Row = Readonly<Record<string, unknown>>;

/** Which sites a workspace hears of, by id in lower case. */
export type HearsOf = (siteId: string) => boolean;

const application = ["TimeGenerated", "Type", "AppRoleName", "ItemCount", "OperationName", "_ResourceId"];

/** Columns of the tables that are known (Microsoft Learn, "Azure Monitor Logs table reference"), those that are filled. */
export const tableColumns: Readonly<Record<string, readonly string[]>> = {
  AppRequests: [...application, "Name", "Url", "Success", "ResultCode", "DurationMs"],
  AppExceptions: [...application, "ProblemId", "ExceptionType", "OuterType", "OuterMessage", "SeverityLevel"],
  AppMetrics: [...application, "Name", "Sum", "Min", "Max"],
  AppTraces: [...application, "Message", "SeverityLevel"],
  AppDependencies: [
    ...application,
    "Name",
    "Target",
    "DependencyType",
    "Success",
    "ResultCode",
    "DurationMs",
  ],
  AppAvailabilityResults: [...application, "Name", "Location", "Success", "DurationMs"],
  AppEvents: [...application, "Name"],
  AppPageViews: [...application, "Name", "Url", "DurationMs"],
  ContainerLogV2: [
    "TimeGenerated",
    "Type",
    "PodNamespace",
    "PodName",
    "ContainerName",
    "LogLevel",
    "LogMessage",
  ],
  AzureDiagnostics: [
    "TimeGenerated",
    "Type",
    "Category",
    "ResourceProvider",
    "count_executions_d",
    "duration_d",
    "query_hash_s",
  ],
};

/** Milliseconds since 1970, both included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Rows of a table; undefined for a table that is not known.
 * @param span of what is asked for. A gate asks for minutes of the hours that are kept, and users wait for its answer: what
 *   is older is passed by before anything else is looked at
 */
export function tableRows(
  table: string,
  counts: RequestCounts,
  hearsOf: HearsOf,
  span: Span,
): readonly Row[] | undefined {
  const of = <T extends { readonly at: number; readonly siteId: string }>(rows: readonly T[]) =>
    within(rows, span).filter(({ siteId }) => hearsOf(siteId));
  const requests = () => of(counts.requests.rows);
  switch (table) {
    case "AppRequests":
      return requests().map(requestRow);
    case "AppExceptions":
      return requests()
        .filter(({ failed }) => failed)
        .map(exceptionRow);
    case "AppMetrics":
      return of(counts.metrics.rows).map(({ at, siteId, role, name, count, sum, min, max }) => ({
        ...common("AppMetrics", at, role, siteId, count, ""),
        Name: name,
        Sum: sum,
        Min: min,
        Max: max,
      }));
    case "ContainerLogV2":
      return within(counts.podErrors.rows, span).map(({ at, host, namespace, pod, status }) => ({
        TimeGenerated: new Date(at),
        Type: table,
        PodNamespace: namespace,
        PodName: pod,
        ContainerName: pod.replace(/(-(blue|green))?(-[a-z0-9]+){2}$/, ""),
        LogLevel: "error",
        LogMessage: `error: a request to ${host} was answered with ${status}`,
      }));
    default:
      return tableColumns[table] === undefined ? undefined : [];
  }
}

function within<T extends { readonly at: number }>(rows: readonly T[], { from, to }: Span): readonly T[] {
  return rows.filter(({ at }) => at >= from && at <= to);
}

function common(type: string, at: number, role: string, siteId: string, count: number, operation: string) {
  return {
    TimeGenerated: new Date(at),
    Type: type,
    AppRoleName: role,
    ItemCount: count,
    OperationName: operation,
    _ResourceId: siteId.toLowerCase(),
  };
}

function requestRow({ at, siteId, role, name, status, success, count, milliseconds }: RequestRow): Row {
  return {
    ...common("AppRequests", at, role, siteId, count, name),
    Name: name,
    Url: name.slice(name.indexOf(" ") + 1),
    Success: success,
    ResultCode: String(status),
    DurationMs: milliseconds / count,
  };
}

function exceptionRow({ at, siteId, role, name, status, count }: RequestRow): Row {
  return {
    ...common("AppExceptions", at, role, siteId, count, name),
    ProblemId: `EmulatedError at ${name}`,
    ExceptionType: "EmulatedError",
    OuterType: "EmulatedError",
    OuterMessage: `made to fail with ${status}`,
    SeverityLevel: 3,
  };
}
