/** What is used of a browser's Storage. */
export type KeyValues = Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">;

/** Lives as long as the page: for browsers that forbid storage (private windows, blocked site data). */
export class MemoryStorage implements KeyValues {
  readonly #values = new Map<string, string>();

  get length(): number {
    return this.#values.size;
  }
  key(index: number): string | null {
    return [...this.#values.keys()][index] ?? null;
  }
  getItem(key: string): string | null {
    return this.#values.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.#values.set(key, value);
  }
  removeItem(key: string): void {
    this.#values.delete(key);
  }
}

/** The named storage of this browser when it may be written to, or one in memory. */
export function usableStorage(name: "localStorage" | "sessionStorage"): KeyValues {
  try {
    const storage = window[name];
    storage.setItem("frontdesk:probe", "1");
    storage.removeItem("frontdesk:probe");
    return storage;
  } catch {
    return new MemoryStorage();
  }
}
