import { signal } from "@preact/signals";

/** The gateway's time in milliseconds, ticking every second. Waits and leases are its times, not this computer's. */
export class Clock {
  readonly now = signal(Date.now());

  constructor(private readonly skew: () => number) {}

  start(): void {
    setInterval(() => (this.now.value = Date.now() + this.skew()), 1_000);
  }
}
