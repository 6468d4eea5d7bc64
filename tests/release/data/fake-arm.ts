import type { ArmWork } from "../../../release/data/arm-work";
import { type Json, mapAt } from "../../../release/targets/json";
import { UserError } from "../../../release/user-error";

/** Azure's resources by id, and what was asked of them. */
export class FakeArm implements ArmWork {
  readonly resources = new Map<string, Json>();
  readonly writes: string[] = [];
  /** Status of the executions that are started. */
  executionStatus = "Succeeded";
  /** What the container of a failed one said at its end. */
  lastWords = "";
  readonly executions: Json[] = [];
  /** Called with each write, `PUT ID`; may throw. */
  onWrite: (write: string) => void = () => {};

  async get(id: string): Promise<Json | undefined> {
    if (id.endsWith("/executions")) return { value: this.executions };
    const [, name] = /\/executions\/([^/]+)$/.exec(id) ?? [];
    if (name !== undefined) return this.executions.find((execution) => execution.name === name);
    return this.resources.get(id);
  }
  async put(id: string, body: Json): Promise<Json> {
    this.note(`PUT ${id}`);
    this.resources.set(id, { id, name: id.split("/").at(-1), ...body });
    return this.resources.get(id)!;
  }
  async patch(id: string, body: Json): Promise<Json> {
    this.note(`PATCH ${id}`);
    const before = this.resources.get(id)!;
    const properties = { ...mapAt(before, "properties"), ...mapAt(body, "properties") };
    this.resources.set(id, { ...before, properties });
    return this.resources.get(id)!;
  }
  async post(path: string, body: Json): Promise<Json> {
    this.note(`POST ${path}`);
    if (path.endsWith("/listConnectionStrings"))
      return { connectionStrings: [{ connectionString: "AccountEndpoint=new;AccountKey=canary" }] };
    if (!path.endsWith("/start")) throw new UserError(`unknown ${path}`);
    const name = `execution-${this.executions.length + 1}`;
    const times = { startTime: "2026-01-28T10:15:00Z", endTime: "2026-01-28T10:16:00Z" };
    const containers = [{ name: "task", code: 1, additionalInformation: this.lastWords }];
    const detailedStatus = { replicas: [{ name: `${name}-0`, containers }] };
    const properties = { status: this.executionStatus, template: body, ...times, detailedStatus };
    this.executions.push({ name, properties });
    return { name };
  }
  async delete(id: string): Promise<void> {
    this.note(`DELETE ${id}`);
    this.resources.delete(id);
  }

  private note(write: string): void {
    this.onWrite(write);
    this.writes.push(write);
  }
}
