import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { fileSigner, type Signer, type VerificationKey, verificationKey } from "../../../attestation/keys";
import type { Clock } from "../../../release/engine/clock";
import type { JournalEntry } from "../../../release/journal/entry";
import type { Command } from "../../../release/journal/journal";
import type { Machine } from "../../../release/journal/machine";

export interface KeyPair {
  readonly pem: string;
  readonly signer: Signer;
  readonly key: VerificationKey;
}

export function keyPair(): KeyPair {
  const { privateKey } = generateKeyPairSync("ed25519");
  return keyPairOf(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
}

export function keyPairOf(pem: string): KeyPair {
  const spki = createPublicKey(pem).export({ type: "spki", format: "pem" }).toString();
  return { pem, signer: fileSigner(pem), key: verificationKey(spki) };
}

/** Options of a store whose heads one key signs. */
export function signedBy({ signer, key }: KeyPair) {
  return { signer: async () => signer, keys: async () => [key] };
}

/** Time that passes when the test says so. */
export class TestClock implements Clock {
  readonly speed = 1;
  private milliseconds = 0;
  private readonly sleepers = new Set<{ readonly until: number; wake(): void }>();

  constructor(private wall = Date.parse("2026-11-21T12:00:00.000Z")) {}

  now(): Date {
    return new Date(this.wall);
  }

  monotonic(): number {
    return this.milliseconds;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const aborted = () => {
        this.sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener("abort", aborted);
        resolve();
      };
      const sleeper = { until: this.milliseconds + milliseconds, wake };
      this.sleepers.add(sleeper);
      signal?.addEventListener("abort", aborted);
    });
  }

  /** Lets time pass and wakes whom it is time for. */
  pass(seconds: number): void {
    this.jump(seconds);
    for (const sleeper of [...this.sleepers]) {
      if (sleeper.until > this.milliseconds) continue;
      this.sleepers.delete(sleeper);
      sleeper.wake();
    }
  }

  /** Time passes and nobody wakes: the process is stopped. */
  jump(seconds: number): void {
    this.milliseconds += seconds * 1000;
    this.wall += seconds * 1000;
  }

  /** Sets the wall clock. */
  set(seconds: number): void {
    this.wall += seconds * 1000;
  }

  get sleeping(): number {
    return this.sleepers.size;
  }
}

/** A machine whose uptime is the clock's, and whose processes live until the test ends them. */
export function testMachine(clock: Clock, pid = 1, ended: ReadonlySet<number> = new Set()): Machine {
  return {
    id: "test",
    uptime: () => clock.monotonic(),
    self: { pid, started: "0" },
    hasEnded: (mark) => ended.has(mark.pid),
  };
}

export function started(release: string): JournalEntry {
  return { kind: "started", format: 1, release, by: "Lena", plan: { digest: "sha256:0", steps: [] } };
}

export function intent(step: string): JournalEntry {
  return { kind: "intent", step };
}

export function command(id: string, at = "2026-11-21T12:00:00.000Z"): Command {
  return { id, command: "hold", by: "Lena", at, reason: "too slow" };
}
