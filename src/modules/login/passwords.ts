import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto';
import { AppError } from '#core';

// Cost as OWASP's cheat sheet has it for scrypt (N = 2^16, r = 8, p = 2 needs 64 MiB). A hash carries its cost, so it can be raised later.
const COST = { N: 2 ** 16, r: 8, p: 2 } as const;
const KEY_BYTES = 32;
/** Hashing occupies threads of the pool that file and DNS work shares. */
const AT_ONCE = 2;
/** Passwords that wait at most: some ten seconds of work. */
const MOST_WAITING = 64;

/** Hashes and checks passwords. */
export interface Passwords {
  /** `scrypt$N$r$p$salt$key`, salt and key in base64url. */
  hash(password: string): Promise<string>;
  /**
   * Takes the same time without a hash, so that unknown users cannot be told from wrong passwords. `isWanted` is asked when it is this password's turn:
   * false is a no without the work.
   */
  matches(password: string, hash: string | undefined, isWanted?: () => boolean): Promise<boolean>;
}

/** Creates the hasher; at most two passwords are hashed at once, the others wait. Errors: `LOGIN_BUSY` (429) when too many wait. */
export const createPasswords = (): Passwords => {
  const queue: (() => void)[] = [];
  let running = 0;
  const derive = async (
    password: string,
    salt: Buffer,
    cost: ScryptOptions,
    isWanted: () => boolean,
  ): Promise<Buffer | null> => {
    if (running >= AT_ONCE) {
      if (queue.length >= MOST_WAITING)
        throw new AppError('LOGIN_BUSY', 'Too many passwords are being checked, try again in a moment', {
          status: 429,
        });
      // Whoever goes hands his place over.
      await new Promise<void>((resolve) => queue.push(resolve));
    } else running += 1;
    try {
      if (!isWanted()) return null;
      return await new Promise((resolve, reject) => {
        scrypt(
          password.normalize('NFKC'),
          salt,
          KEY_BYTES,
          { ...cost, maxmem: 256 * 1024 * 1024 },
          (error, key) => (error === null ? resolve(key) : reject(error)),
        );
      });
    } finally {
      const next = queue.shift();
      if (next === undefined) running -= 1;
      // Not in this turn: what comes of this password may decide whether the next is wanted.
      else setImmediate(next);
    }
  };

  return {
    hash: async (password) => {
      const salt = randomBytes(16);
      const key = await derive(password, salt, COST, always);
      if (key === null) throw new AppError('LOGIN_HASH', 'hashing a password: no key came of it');
      return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join(
        '$',
      );
    },
    matches: async (password, hash, isWanted = always) => {
      const [, N, r, p, salt = '', key = ''] = (hash ?? NO_HASH).split('$');
      const cost = { N: Number(N), r: Number(r), p: Number(p) };
      const derived = await derive(password, Buffer.from(salt, 'base64url'), cost, isWanted);
      if (derived === null) return false;
      const expected = Buffer.from(key, 'base64url');
      return hash !== undefined && derived.length === expected.length && timingSafeEqual(derived, expected);
    },
  };
};

const always = (): boolean => true;

const NO_HASH = ['scrypt', COST.N, COST.r, COST.p, 'AAAAAAAAAAAAAAAAAAAAAA', 'AAAA'].join('$');
