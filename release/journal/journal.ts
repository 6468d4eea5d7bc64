import type { JournalEntry, JournalRecord } from "./entry";

/** What a release wrote down. Append-only; the only writer is the holder of the system's lease. */
export interface Journal {
  /**
   * @throws UserError for a journal that was cut, edited or rewritten (with the number of the first record that does not
   *   fit), or that a newer version wrote
   */
  read(): Promise<readonly JournalRecord[]>;
  /**
   * Durable when it resolves.
   * @throws UserError when the store does not take it; LeaseLost when the lease is another's
   */
  append(entry: JournalEntry): Promise<JournalRecord>;
  /**
   * Writes to the store what was kept elsewhere while it was away; before the lease is given back, as nobody may later.
   * @throws UserError while it still is. @default nothing is kept elsewhere
   */
  reconcile?(): Promise<void>;
}

/** A system's lease as its holder has it. */
export interface HeldLease {
  readonly release: string;
  readonly holder: string;
  /** Grows with every change of holder. */
  readonly epoch: number;
  /** Asks the store whether the lease is still this one's; every write to traffic does first. @throws LeaseLost */
  check(): Promise<void>;
  /** Gives it back: the release has ended. */
  giveBack(): Promise<void>;
  /** Lets it go without an end: this process stops and the release is unfinished, so that `resume` need not wait. */
  leave(): Promise<void>;
}

/** The lease went to somebody else, or ran out unnoticed: this process may write nothing any more. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** A command that somebody gave from another process, such as `hold`. */
export interface Command {
  /** Unique; a command is carried out once. */
  readonly id: string;
  readonly command: "hold" | "promote" | "resume" | "rollback" | "abort" | "approve" | "answer" | "confirm";
  readonly by: string;
  readonly at: string;
  readonly reason?: string;
  /** Approval, question or restore that it answers, by the entry's name. */
  readonly entry?: string;
  readonly role?: string;
  readonly answer?: unknown;
  /** Of a rollback: the data are restored as well. */
  readonly restore?: boolean;
}

/** A lease as others see it. */
export interface SeenLease {
  readonly release: string;
  readonly holder: string;
  readonly expiresAt: string;
  readonly epoch: number;
  /** It has expired, or its process is known to have ended: no process runs the release, and any may take it up. */
  readonly isOver: boolean;
}

/** Where the journals of an environment are: a folder, or a container of Blob Storage. */
export interface JournalStore {
  /** In words, for messages. */
  readonly where: string;
  /** @throws UserError naming holder, release and expiry when another one holds it */
  acquire(system: string, release: string, holder: string): Promise<HeldLease>;
  /** Takes an expired lease over, for the release that held it. @throws UserError when it has not expired */
  takeOver(system: string, holder: string): Promise<HeldLease>;
  lease(system: string): Promise<SeenLease | undefined>;
  /** @param lease absent for whoever only reads */
  open(system: string, release: string, lease?: HeldLease): Journal;
  /** Ids of a system's releases, the newest last. */
  releases(system: string): Promise<readonly string[]>;
  /** Puts a command where the holder finds it. */
  send(system: string, release: string, command: Command): Promise<void>;
  /** Commands in their order that are not among `known`. */
  commands(system: string, release: string, known: ReadonlySet<string>): Promise<readonly Command[]>;
}
