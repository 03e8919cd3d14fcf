import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto';

// Cost as OWASP's cheat sheet has it for scrypt (N = 2^16, r = 8, p = 2 needs 64 MiB). A hash carries its cost, so it can be raised later.
const COST = { N: 2 ** 16, r: 8, p: 2 } as const;
const KEY_BYTES = 32;
/** Hashing occupies threads of the pool that file and DNS work shares. */
const AT_ONCE = 2;

/** Hashes and checks passwords. */
export interface Passwords {
  /** `scrypt$N$r$p$salt$key`, salt and key in base64url. */
  hash(password: string): Promise<string>;
  /** Takes the same time without a hash, so that unknown users cannot be told from wrong passwords. */
  matches(password: string, hash: string | undefined): Promise<boolean>;
}

/** Creates the hasher; at most two passwords are hashed at once, the others wait. */
export const createPasswords = (): Passwords => {
  const queue: (() => void)[] = [];
  let running = 0;
  const derive = async (password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> => {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve));
    running += 1;
    try {
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
      running -= 1;
      queue.shift()?.();
    }
  };

  return {
    hash: async (password) => {
      const salt = randomBytes(16);
      const key = await derive(password, salt, COST);
      return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join(
        '$',
      );
    },
    matches: async (password, hash) => {
      const [, N, r, p, salt = '', key = ''] = (hash ?? NO_HASH).split('$');
      const derived = await derive(password, Buffer.from(salt, 'base64url'), {
        N: Number(N),
        r: Number(r),
        p: Number(p),
      });
      const expected = Buffer.from(key, 'base64url');
      return hash !== undefined && derived.length === expected.length && timingSafeEqual(derived, expected);
    },
  };
};

const NO_HASH = ['scrypt', COST.N, COST.r, COST.p, 'AAAAAAAAAAAAAAAAAAAAAA', 'AAAA'].join('$');
