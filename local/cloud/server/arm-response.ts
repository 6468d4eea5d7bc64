/** An answer of the ARM endpoint. */
export interface ArmResponse {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}
