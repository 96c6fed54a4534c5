import { signal, type ReadonlySignal } from "@preact/signals";

/** A value that outlives a reload: a signal whose every change is written to storage as JSON. */
export class Keep<T> {
  private readonly current;

  constructor(
    private readonly storage: Storage,
    private readonly key: string,
    fallback: T,
  ) {
    this.current = signal<T>(read(storage, key, fallback));
  }

  get signal(): ReadonlySignal<T> {
    return this.current;
  }

  get value(): T {
    return this.current.value;
  }

  set value(next: T) {
    this.current.value = next;
    try {
      this.storage.setItem(this.key, JSON.stringify(next));
    } catch {
      // Storage is full or forbidden: the value still lives as long as the page does.
    }
  }
}

function read<T>(storage: Storage, key: string, fallback: T): T {
  try {
    const text = storage.getItem(key);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}
