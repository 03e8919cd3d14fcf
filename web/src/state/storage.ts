/** Small things that this browser keeps. Nothing secret: a session is in cookies that scripts cannot read. */
export interface Storage {
  read(name: string): string | null;
  /** null forgets it. */
  write(name: string, value: string | null): void;
}

/** Keeps them in `localStorage` under `rumbrella.`; where there is none they last as long as the page. */
export const createStorage = (page: Window): Storage => {
  const memory = new Map<string, string>();
  const key = (name: string): string => `rumbrella.${name}`;
  return {
    read: (name) => {
      try {
        return page.localStorage.getItem(key(name));
      } catch {
        return memory.get(name) ?? null;
      }
    },
    write: (name, value) => {
      try {
        if (value === null) page.localStorage.removeItem(key(name));
        else page.localStorage.setItem(key(name), value);
      } catch {
        if (value === null) memory.delete(name);
        else memory.set(name, value);
      }
    },
  };
};
