import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Completes `package-lock.json` after a change of dependencies (`npm run lock`). Two things that npm leaves undone: a registry mirror may serve the binary
 * packages of its own platform only, and then npm leaves those of all others out of the file and refuses it at the next `npm ci`; and download addresses are
 * taken out, so that any mirror can serve an install.
 */
interface Locked {
  version?: string;
  resolved?: string;
  link?: boolean;
  optional?: boolean;
  dev?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS: Readonly<Record<string, string>> = {
  arm64: 'arm64',
  arm: 'arm',
  armhf: 'arm',
  ia32: 'ia32',
  x64: 'x64',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64: 'ppc64',
  ppc64le: 'ppc64',
  ppc: 'ppc64',
  powerpc64le: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  wasm32: 'wasm32',
  armv7: 'arm',
};

/** What a package's name says of where it runs: `@scope/binding-linux-x64-musl`. */
const platformOf = (name: string): Pick<Locked, 'os' | 'cpu' | 'libc'> => {
  const words = name.split(/[-/]/);
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.map((word) => PROCESSORS[word]).find((word) => word !== undefined);
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined;
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }) };
};

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, Locked> };
let added = 0;
for (const [place, locked] of Object.entries(lock.packages)) {
  // Of a workspace it is its folder.
  if (locked.link !== true) delete locked.resolved;
  for (const [name, spec] of Object.entries(locked.optionalDependencies ?? {})) {
    const inside = `${place}/node_modules/${name}`;
    const beside = `node_modules/${name}`;
    if (lock.packages[inside] !== undefined || lock.packages[beside] !== undefined) continue;
    const platform = platformOf(name);
    // Only binaries of a platform are left out for that reason.
    if (platform.os === undefined && platform.cpu === undefined) continue;
    lock.packages[beside] = {
      version: spec.replace(/^[^\d]*/, ''),
      ...platform,
      ...(locked.dev && { dev: true }),
      optional: true,
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added} packages of other platforms were added\n`);
