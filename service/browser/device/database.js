/** This browser's own memory, in IndexedDB: of this origin alone, and as lasting as the browser. */

import { ClientRefusal } from "../link/errors.js";

/** @typedef {import("./memory.js").Memory} Memory */

const NAME = "breakglass";
const VERSION = 2;
const STORES = [
  "device",
  "rosters",
  "compared",
  "checkpoint",
  "requestKeys",
  "requests",
  "released",
  "gone",
  "ready",
];

/**
 * The database, opened with its first use. Every call is refused with `no-storage` where this
 * browser keeps nothing, as some do in a private window.
 *
 * @returns {Memory}
 */
export function openDatabase() {
  /** @type {Promise<IDBDatabase> | null} */
  let opened = null;
  /** @type {(store: string, mode: IDBTransactionMode) => Promise<IDBObjectStore>} */
  const open = async (store, mode) => {
    opened ??= connect().catch((error) => {
      opened = null; // the next call tries again
      throw error;
    });
    // Of a request's key, the answer "written" must mean on disk.
    return (await opened).transaction(store, mode, { durability: "strict" }).objectStore(store);
  };
  return {
    get: async (store, key) => answer((await open(store, "readonly")).get(key)),
    keys: async (store) =>
      /** @type {string[]} */ (await answer((await open(store, "readonly")).getAllKeys())),
    put: async (store, key, value) => written(await open(store, "readwrite"), (s) => s.put(value, key)),
    delete: async (store, key) => written(await open(store, "readwrite"), (s) => s.delete(key)),
    update: async (store, key, change) => changed(await open(store, "readwrite"), key, change),
  };
}

/** @returns {Promise<IDBDatabase>} */
function connect() {
  return new Promise((resolve, reject) => {
    const refuse = () => reject(noStorage());
    if (!globalThis.indexedDB) return refuse();
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const { result } = request;
      for (const store of STORES) {
        if (!result.objectStoreNames.contains(store)) result.createObjectStore(store);
      }
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = refuse;
    request.onblocked = refuse;
    return undefined;
  });
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(noStorage());
  });
}

/**
 * Settles when the transaction has: what is told as written is.
 *
 * @param {IDBObjectStore} store
 * @param {(store: IDBObjectStore) => void} act
 * @returns {Promise<void>}
 */
function written(store, act) {
  return new Promise((resolve, reject) => {
    store.transaction.oncomplete = () => resolve();
    store.transaction.onabort = () => reject(noStorage());
    act(store);
  });
}

/**
 * @param {IDBObjectStore} store
 * @param {string} key
 * @param {(old: any) => any} change
 * @returns {Promise<void>}
 */
function changed(store, key, change) {
  return new Promise((resolve, reject) => {
    store.transaction.oncomplete = () => resolve();
    store.transaction.onabort = () => reject(noStorage());
    const request = store.get(key);
    request.onsuccess = () => {
      try {
        store.put(change(request.result), key);
      } catch (refused) {
        reject(refused);
        store.transaction.abort();
      }
    };
  });
}

function noStorage() {
  return new ClientRefusal(
    "no-storage",
    "this browser does not keep what the page has to remember",
    "leave the private window, or use another browser",
  );
}
