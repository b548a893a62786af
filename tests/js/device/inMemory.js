/** A browser's memory in memory, cloned in and out as IndexedDB does. */

/** @returns {import("../../../service/browser/device/memory.js").Memory} */
export function inMemory() {
  const stores = new Map();
  const store = (name) => {
    if (!stores.has(name)) stores.set(name, new Map());
    return stores.get(name);
  };
  return {
    get: async (name, key) => structuredClone(store(name).get(key)),
    put: async (name, key, value) => void store(name).set(key, structuredClone(value)),
    delete: async (name, key) => void store(name).delete(key),
    keys: async (name) => [...store(name).keys()],
    update: async (name, key, change) => {
      const old = structuredClone(store(name).get(key));
      store(name).set(key, structuredClone(change(old)));
    },
  };
}
