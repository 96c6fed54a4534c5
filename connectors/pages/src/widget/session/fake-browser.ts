import { type KeyValues, MemoryStorage } from "./memory-storage";
import { WebStore } from "./store";

/** One browser: its tabs share a storage and hear of each other's writes, never of their own. */
export class FakeBrowser {
  private readonly storage = new MemoryStorage();
  private readonly tabs: EventTarget[] = [];

  /** The store of one more tab. */
  tab(deskOrigin = "https://desk.example"): WebStore {
    const tab = new EventTarget();
    this.tabs.push(tab);
    return new WebStore(this.announcing(tab), deskOrigin, tab);
  }

  private announcing(tab: EventTarget): KeyValues {
    const { storage } = this;
    const announce = (key: string): void => {
      const others = this.tabs.filter((other) => other !== tab);
      for (const other of others) other.dispatchEvent(Object.assign(new Event("storage"), { key }));
    };
    return {
      get length() {
        return storage.length;
      },
      key: (index) => storage.key(index),
      getItem: (key) => storage.getItem(key),
      setItem: (key, value) => (storage.setItem(key, value), announce(key)),
      removeItem: (key) => (storage.removeItem(key), announce(key)),
    };
  }
}
